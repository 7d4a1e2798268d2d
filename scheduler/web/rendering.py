"""Pages out of templates. Everything that is filled in is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from scheduler.texts.templates import open_templates
from scheduler.web.access import CSRF_FIELD, find_visitor


def render_page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page out of a template that extends ``base.html.j2``.

    Templates know, besides ``values``: ``visitor`` (None where nobody is signed in), ``path`` (of
    this request), and ``csrf_name`` and ``csrf_value``, the hidden field of every form that posts
    (``{{ forms.csrf() }}`` of ``forms.html.j2`` writes it). ``for_approval``: rounds that wait for
    HR, where a route put them into the request's state.
    """
    visitor = find_visitor(request) if "session" in request.scope else None
    html = (
        open_templates("scheduler.web")
        .get_template(template)
        .render(
            visitor=visitor,
            csrf_name=CSRF_FIELD,
            csrf_value=visitor.csrf if visitor else "",
            path=request.url.path,
            for_approval=getattr(request.state, "for_approval", ()),
            **values,
        )
    )
    return HTMLResponse(html, status, dict(headers or {}))
