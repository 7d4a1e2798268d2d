"""A member of the organisation as Graph's ``user`` shows it."""

from __future__ import annotations

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.organisation import Member
from scheduler.sandbox.organisation.member import COMPANY

DEFAULT_PROPERTIES = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
    "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
"""What ``GET /users`` returns without ``$select``."""

LICENCE = "06ebc4ee-1bb5-47dd-8120-11324bc54e06"
"""Microsoft 365 E5 (Microsoft's list of product names and service plan identifiers)."""


def describe_member(member: Member) -> Json:
    """Return all properties of a user that the tenant knows."""
    human = member.kind in ("person", "leaver")
    hired = f"{member.hired}T00:00:00Z" if member.hired else None
    return {
        "id": member.id,
        "accountEnabled": member.enabled,
        "assignedLicenses": [{"disabledPlans": [], "skuId": LICENCE}] if human else [],
        "businessPhones": [],
        "city": member.city,
        "companyName": COMPANY if human else None,
        "country": member.country,
        "createdDateTime": hired or "2019-01-07T08:00:00Z",
        "department": member.department,
        "displayName": member.name,
        "employeeHireDate": hired,
        "employeeId": member.key if human else None,
        "employeeOrgData": {"division": member.team, "costCenter": None} if member.team else None,
        "employeeType": member.employee_type,
        "externalUserState": "Accepted" if member.kind == "guest" else None,
        "givenName": member.given or None,
        "jobTitle": member.title,
        "mail": member.mail,
        "mailNickname": member.mail.split("@")[0],
        "mobilePhone": None,
        "officeLocation": member.office,
        "otherMails": [],
        "preferredLanguage": member.language,
        "proxyAddresses": [f"SMTP:{member.mail}"],
        "showInAddressList": None,
        "surname": member.surname or None,
        "usageLocation": None,
        "userPrincipalName": member.upn,
        "userType": "Guest" if member.kind == "guest" else "Member",
    }
