"""The page that shows how far some work is, until it is done. It works without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from scheduler.web.jobs import Job
from scheduler.web.rendering import render_page


def waiting_page(request: Request, job: Job, *, back: str, again: bool = False) -> Response:
    """How far a job is, looking again every two seconds; or what stood in its way.

    Args:
        request: Whose address is looked at again.
        job: What is waited for.
        back: Where to go instead.
        again: What was sent has to be sent once more, as nothing was kept: no looking again.
    """
    return render_page(
        request,
        "waiting.html.j2",
        status=409 if again or job.problem else 200,
        title=job.title,
        job=job,
        back=back,
        again=again,
    )
