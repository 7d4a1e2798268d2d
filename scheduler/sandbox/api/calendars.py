"""The one calendar that each mailbox has."""

from __future__ import annotations

from scheduler.sandbox.api.odata import context, read_select, select
from scheduler.sandbox.api.request import Answer, Json, Request, answer_json
from scheduler.sandbox.mailboxes import Mailbox
from scheduler.sandbox.organisation.member import make_id
from scheduler.sandbox.tenant import Tenant


def _write(tenant: Tenant, box: Mailbox) -> Json:
    return {
        "id": make_id(tenant.organisation.seed, "calendar", box.owner.id),
        "name": "Calendar",
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": True,
        "changeKey": f"{box.version}",
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": True,
        "isRemovable": False,
        "owner": {"name": box.owner.name, "address": box.owner.mail},
    }


def get_calendar(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/calendar``."""
    box = tenant.find_mailbox(user)
    shown = select(_write(tenant, box), read_select(request))
    return answer_json({"@odata.context": context(request, f"users('{user}')/calendar"), **shown})


def list_calendars(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/calendars``."""
    box = tenant.find_mailbox(user)
    shown = select(_write(tenant, box), read_select(request))
    where = context(request, f"users('{user}')/calendars")
    return answer_json({"@odata.context": where, "value": [shown]})
