"""Another reader of the tenant's directory: plain HTTP, page by page."""

from __future__ import annotations

import datetime as dt

import httpx

FIELDS = "id,displayName,mail,department,officeLocation,jobTitle,employeeHireDate,employeeType"


def read_token(environment: dict[str, str]) -> str:
    answer = httpx.post(
        f"{environment['SCHEDULER_SANDBOX_HTTP_URL']}/{environment['AZURE_TENANT_ID']}"
        "/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": environment["AZURE_CLIENT_ID"],
            "client_secret": environment["AZURE_CLIENT_SECRET"],
            "scope": "https://graph.microsoft.com/.default",
        },
    )
    return answer.json()["access_token"]


def read_directory(environment: dict[str, str]) -> dict[str, dict]:
    """People by id; ``hired`` is a day or None, ``manager`` an id or None."""
    base = f"{environment['SCHEDULER_SANDBOX_HTTP_URL']}/v1.0"
    url = f"{base}/users?$select={FIELDS}&$expand=manager($select=id)&$top=500"
    headers = {"Authorization": f"Bearer {read_token(environment)}"}
    found: dict[str, dict] = {}
    while url:
        page = httpx.get(url, headers=headers, timeout=60).json()
        for user in page["value"]:
            hired = user.get("employeeHireDate")
            found[user["id"]] = {
                "name": user["displayName"],
                "mail": (user.get("mail") or "").lower(),
                "department": user.get("department"),
                "office": user.get("officeLocation"),
                "title": user.get("jobTitle") or "",
                "hired": dt.date.fromisoformat(hired[:10]) if hired else None,
                "manager": (user.get("manager") or {}).get("id"),
            }
        link = page.get("@odata.nextLink")
        url = link and base + "/users?" + link.split("?", 1)[1]
    return found
