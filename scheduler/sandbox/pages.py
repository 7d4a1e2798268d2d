"""Pages for people: whose calendar to look at, and what that person sees."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from scheduler.sandbox.api.event_writer import plain_text, write_event
from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.card_page import render_card
from scheduler.sandbox.delivery import respond
from scheduler.sandbox.diary import Item
from scheduler.sandbox.mailboxes import Copy
from scheduler.sandbox.organisation import Member
from scheduler.sandbox.policy import FRAME_POLICY, is_from_here, page_headers
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.witness import organised, report
from scheduler.sandbox.zones import from_minute, wall_minute

if TYPE_CHECKING:
    from scheduler.sandbox.app import Sandbox

_FIRST_HOUR, _LAST_HOUR = 7, 20
_FOUND = 60
_ANSWERED = {
    "accepted": "accepted",
    "tentativelyAccepted": "accepted as tentative",
    "declined": "declined",
}


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip


class Pages:
    """The pages, rendered here; they need no script."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._templates = _environment()

    def _render(self, name: str, status: int = 200, **values: Any) -> Response:
        nonce = secrets.token_urlsafe(16)
        text = self._templates.get_template(name).render(nonce=nonce, **values)
        return HTMLResponse(text, status, page_headers(nonce))

    async def style(self, _: WebRequest) -> Response:
        """Return the style sheet of all pages."""
        text = (Path(__file__).parent / "templates" / "pages.css").read_text("utf-8")
        return Response(text, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    async def home(self, web: WebRequest) -> Response:
        """Show what has happened, and find somebody."""
        tenant = self._sandbox.tenant
        wanted = web.query_params.get("q", "").strip().casefold()
        people = [m for m in tenant.members.values() if m.kind in ("person", "organiser")]
        if wanted:
            found = [
                m for m in people
                if wanted in f"{m.name} {m.mail} {m.department} {m.office}".casefold()
            ]  # fmt: skip
        else:
            invited = {a.address.lower() for c in organised(tenant) for a in c.meeting.attendees}
            found = [m for m in people if m.mail.lower() in invited or m.kind == "organiser"]
            found = found or people
        return self._render(
            "home.html", query=web.query_params.get("q", ""), people=found[:_FOUND],
            more=max(0, len(found) - _FOUND), report=report(tenant, self._sandbox.teams),
            today=tenant.today,
        )  # fmt: skip

    async def person(self, web: WebRequest) -> Response:
        """Show a week of somebody's calendar, invitations, chat with the bot, and mail."""
        tenant, teams = self._sandbox.tenant, self._sandbox.teams
        try:
            member = tenant.find_member(web.path_params["user"])
        except GraphError:
            return self._render("nobody.html", 404, key=web.path_params["user"])
        monday = _read_monday(tenant, member, web.query_params.get("week"))
        box, chat = tenant.mailboxes.get(member.id), teams.chats.get(member.id)
        copies = sorted(box.copies.values(), key=lambda c: c.meeting.start) if box else []
        anchors = {copy.id: f"invitation-{number}" for number, copy in enumerate(copies, 1)}
        boss = tenant.members.get(member.manager or "")
        activities = [a for a in (chat.activities.values() if chat else ()) if not a.deleted]
        return self._render(
            "person.html", member=member, boss=boss, today=tenant.today, monday=monday,
            before=monday - dt.timedelta(days=7), after=monday + dt.timedelta(days=7),
            hours=range(_FIRST_HOUR, _LAST_HOUR), days=_draw_week(tenant, member, monday, anchors),
            copies=[_describe(copy, member, anchors[copy.id]) for copy in copies],
            chat=[
                {"id": a.id, "text": a.content.get("text") or a.content.get("summary"),
                 "cards": [render_card(card) for card in a.cards()]}
                for a in reversed(activities)
            ],
            said=web.query_params.get("said"), mails=box.mails if box else [],
            text=plain_text,
        )  # fmt: skip

    async def invitation(self, web: WebRequest) -> Response:
        """Show the body of an invitation alone, for the frame in which the page shows it."""
        tenant = self._sandbox.tenant
        box = tenant.mailboxes.get(web.path_params["user"])
        copy = box.copies.get(web.path_params["event"]) if box else None
        if copy is None:
            return self._render("nobody.html", 404, key=web.path_params["event"])
        body = write_event(copy)["body"]
        html = body["content"]
        if body["contentType"] == "text":
            html = self._templates.get_template("text.html").render(text=body["content"])
        return HTMLResponse(
            html, headers={**page_headers(), "Content-Security-Policy": FRAME_POLICY}
        )

    async def attachment(self, web: WebRequest) -> Response:
        """Return a file of an invitation."""
        box = self._sandbox.tenant.mailboxes.get(web.path_params["user"])
        copy = box.copies.get(web.path_params["event"]) if box else None
        for attachment in copy.attachments if copy else ():
            if attachment.id == web.path_params["attachment"]:
                headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
                kind = attachment.content_type
                safe = kind if kind == "application/pdf" else "application/octet-stream"
                return Response(attachment.content, media_type=safe, headers=headers)
        return self._render("nobody.html", 404, key=web.path_params["attachment"])

    async def answer(self, web: WebRequest) -> Response:
        """Answer an invitation as its owner does in Outlook."""
        tenant, user = self._sandbox.tenant, web.path_params["user"]
        box = tenant.mailboxes.get(user)
        copy = box.copies.get(web.path_params["event"]) if box else None
        form = await web.form()
        response = str(form.get("response", ""))
        if box is None or copy is None or response not in _ANSWERED:
            return self._render("nobody.html", 404, key=web.path_params["event"])
        if _can_answer(copy):
            respond(tenant, box, copy, response)
            said = f"{copy.meeting.subject}: {_ANSWERED[response]}."
        else:
            said = "This invitation cannot be answered any more."
        asked = {"said": said, "week": str(form.get("week", ""))}
        return RedirectResponse(web.url_for("person", user=user).include_query_params(**asked), 303)

    async def press(self, web: WebRequest) -> Response:
        """Press a button of a card from the page."""
        form = dict(await web.form())
        user = web.path_params["user"]
        inputs = {str(k)[6:]: str(v) for k, v in form.items() if str(k).startswith("input-")}
        wish = {"activity": form.get("activity"), "button": form.get("button"), "inputs": inputs}
        try:
            answer = await self._sandbox.bot.press(user, wish)
            said = f"{form.get('button')}: {answer['status']}"
        except GraphError as error:
            said = error.message
        return RedirectResponse(
            web.url_for("person", user=user).include_query_params(said=said), 303
        )


def _read_monday(tenant: Tenant, member: Member, text: str | None) -> dt.date:
    """Return the Monday of the wanted week; else of the next invitation; else of today."""
    day = tenant.today
    box = tenant.mailboxes.get(member.id)
    coming = [c.meeting.start for c in (box.copies.values() if box else ()) if not c.removed]
    if coming:
        day = from_minute(min(coming), ZoneInfo(member.zone)).date()
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(text or "")
    return day - dt.timedelta(days=day.weekday())


def _draw_week(
    tenant: Tenant, member: Member, monday: dt.date, anchors: Mapping[str, str]
) -> list[Json]:
    """Return the days of a week with what stands in them; places in per cent of the day."""
    box = tenant.mailboxes.get(member.id)
    booked = {
        (copy.meeting.start, copy.meeting.end, copy.meeting.subject): anchors[copy.id]
        for copy in (box.copies.values() if box else ())
    }
    days = []
    for number in range(5):
        day = monday + dt.timedelta(days=number)
        first = wall_minute(member.zone, day.toordinal(), 0)
        last = wall_minute(member.zone, day.toordinal() + 1, 0)
        items = tenant.entries_between(member, first, last)
        opening = wall_minute(member.zone, day.toordinal(), _FIRST_HOUR * 60)
        span = (_LAST_HOUR - _FIRST_HOUR) * 60
        timed = [i for i in items if not i.all_day and i.end > opening and i.start < opening + span]
        days.append(
            {
                "number": number,
                "date": day,
                "today": day == tenant.today,
                "all_day": [i for i in items if i.all_day],
                "entries": [
                    {**place, "invitation": booked.get((i.start, i.end, i.subject)), "item": i,
                     "from": from_minute(i.start, ZoneInfo(member.zone)),
                     "to": from_minute(i.end, ZoneInfo(member.zone))}
                    for i, place in _lay_out(timed, opening, span)
                ],
            }
        )  # fmt: skip
    return days


def _lay_out(items: list[Item], opening: int, span: int) -> list[tuple[Item, Json]]:
    """Put entries that overlap side by side: each gets a lane of its own within its cluster."""
    placed: list[tuple[Item, Json]] = []
    cluster: list[tuple[Item, int]] = []
    reach = 0

    def close() -> None:
        lanes = 1 + max((lane for _, lane in cluster), default=0)
        for item, lane in cluster:
            top, end = max(item.start, opening), min(item.end, opening + span)
            placed.append(
                (
                    item,
                    {
                        "top": round((top - opening) * 100 / span, 2),
                        "height": round((end - top) * 100 / span, 2),
                        "left": round(lane * 100 / lanes, 2),
                        "width": round(100 / lanes, 2),
                    },
                )
            )
        cluster.clear()

    for item in sorted(items):
        if cluster and item.start >= reach:
            close()
            reach = 0
        used = {lane for other, lane in cluster if other.end > item.start}
        cluster.append((item, next(n for n in range(len(used) + 1) if n not in used)))
        reach = max(reach, item.end)
    close()
    return placed


def _can_answer(copy: Copy) -> bool:
    return not (copy.is_organiser or copy.cancelled or copy.removed)


def _describe(copy: Copy, member: Member, anchor: str) -> Json:
    meeting, zone = copy.meeting, ZoneInfo(member.zone)
    return {
        "own": copy,
        "anchor": anchor,
        "can_answer": _can_answer(copy),
        "meeting": meeting,
        "subject": meeting.subject,
        "from": from_minute(meeting.start, zone),
        "to": from_minute(meeting.end, zone),
        "place": meeting.settings["location"].get("displayName", ""),
        "state": "cancelled" if copy.cancelled else "removed" if copy.removed else copy.response,
        "tags": sorted(copy.properties.values()),
    }


Page = Callable[[WebRequest], Awaitable[Response]]


def _for_this_computer(page: Page) -> Page:
    """Refuse whoever comes by another name, or from another site's page."""

    async def guarded(web: WebRequest) -> Response:
        if not is_from_here(web):
            return Response("These pages are for this computer alone.", 403)
        return await page(web)

    return guarded


def page_routes(sandbox: Sandbox) -> list[Route]:
    """Return the addresses of the pages."""
    pages = Pages(sandbox)
    invitation = "/look/{user}/invitations/{event}"
    guarded = _for_this_computer
    return [
        Route("/", guarded(pages.home)),
        Route("/pages.css", pages.style),
        Route("/look/{user}", guarded(pages.person), name="person"),
        Route("/look/{user}/press", guarded(pages.press), methods=["POST"]),
        Route(invitation, guarded(pages.invitation)),
        Route(invitation + "/answer", guarded(pages.answer), methods=["POST"]),
        Route(invitation + "/{attachment}", guarded(pages.attachment)),
    ]
