"""The sign-in page: in place of a password one says who one is."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import jinja2
from starlette.responses import HTMLResponse, Response

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.policy import page_headers
from scheduler.sandbox.signin import Authority
from scheduler.sandbox.tenant import Tenant

_FOUND = 40


def pick_person(tenant: Tenant, authority: Authority, query: dict[str, str]) -> Response:
    """Ask who signs in: people with a role first, and everybody whom a search finds."""
    wanted = query.get("q", "").strip().casefold()
    rest = {name: value for name, value in query.items() if name != "q"}

    def describe(person: Json) -> Json:
        return {
            "name": person["displayName"],
            "department": person.get("department") or "",
            "roles": ", ".join(authority.roles_of(person)),
            "link": "?" + urlencode({**rest, "login_hint": person["mail"]}),
        }

    people = [
        describe(tenant.directory[member.id])
        for member in tenant.organisation.people
        if member.id in tenant.directory
        and tenant.directory[member.id]["accountEnabled"]
        and tenant.directory[member.id].get("mail")
    ]
    found = [
        p for p in people if wanted in f"{p['name']} {p['department']} {p['roles']}".casefold()
    ]
    found.sort(key=lambda p: (not p["roles"], p["roles"]))
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    page = jinja2.Environment(loader=loader, autoescape=True).get_template("picker.html")
    html = page.render(
        people=found[:_FOUND], more=max(0, len(found) - _FOUND), query=query.get("q", ""), rest=rest
    )
    return HTMLResponse(html, headers=page_headers())
