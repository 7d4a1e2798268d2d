"""The app package that an administrator uploads to the Teams admin centre."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typst

from scheduler.errors import ScheduleError
from scheduler.texts.catalogue import SOURCE, Texts, languages, mark, texts_in

SCHEMA = "1.30"
"""The newest released manifest schema in Microsoft's own package of them (@microsoft/app-manifest
1.1.2), against which tests check what is written here."""

_SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}"
_NAMESPACE = uuid.UUID("6f0a2f1e-3e0b-4d52-9b57-6c1df1f5a1c4")
_DRAWING = Path(__file__).with_name("icons.typ")

SETTINGS_COMMAND = mark("settings")
"""What somebody writes to the bot to get the card of their choices."""
_SHORT = mark("Meet colleagues from other teams, at a time that suits all of you.")
_FULL = mark(
    "Every few weeks you meet colleagues whom you do not know yet: at lunch, over a coffee, "
    "online. The time is one at which all of you are free, and the invitation brings an agenda. "
    "Only when you are free or busy is read, never what your appointments are about. "
    "You take part when you say so, and can pause or leave at any time."
)
_COMMAND = mark("See and change what you decided")


class TeamsPackageError(ScheduleError):
    """The package would be refused; the text says which value is wrong, and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDetails:
    """What differs between two organisations' packages.

    Attributes:
        app_id: The bot's app id, a GUID.
        organisation: Who offers the app, at most 32 letters.
        service_url: Where this service answers, with https.
        version: Of the package; each upload needs a higher one than the last.
        name: What the app is called in Teams, at most 30 letters.
        privacy_url: What is read and kept; the service's own page by default.
        terms_url: The terms of use; the service's own page by default.
    """

    app_id: str
    organisation: str
    service_url: str
    version: str = "1.0.0"
    name: str = "Networking"
    privacy_url: str | None = None
    terms_url: str | None = None


def write_package(path: Path, details: AppDetails) -> None:
    """Write the package as a zip file.

    Raises:
        TeamsPackageError: A value would be refused.
    """
    path.write_bytes(make_package(details))


def make_package(details: AppDetails) -> bytes:
    """Manifest, icons and one file per further language, as a zip file; the same for the same.

    Raises:
        TeamsPackageError: A value would be refused.
    """
    check_details(details)
    manifest = make_manifest(details)
    files: dict[str, bytes] = {"manifest.json": _json(manifest)}
    for kind in ("color", "outline"):
        files[f"{kind}.png"] = draw_icon(kind)
    for entry in manifest["localizationInfo"]["additionalLanguages"]:
        files[entry["file"]] = _json(translate_manifest(entry["languageTag"], details))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def make_manifest(details: AppDetails) -> dict[str, Any]:
    """The manifest in English; other languages stand in files of their own."""
    texts = texts_in(SOURCE)
    service = details.service_url.rstrip("/")
    domain = urlsplit(service).netloc
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": details.version,
        # The app is not the bot: a second bot for tests may be uploaded beside it.
        "id": str(uuid.uuid5(_NAMESPACE, details.app_id.lower())),
        "developer": {
            "name": details.organisation,
            "websiteUrl": service,
            "privacyUrl": details.privacy_url or f"{service}/privacy",
            "termsOfUseUrl": details.terms_url or f"{service}/terms",
        },
        "localizationInfo": {
            "defaultLanguageTag": SOURCE,
            "additionalLanguages": [
                {"languageTag": language, "file": f"{language}.json"}
                for language in languages()
                if language != SOURCE
            ],
        },
        "name": {"short": details.name, "full": details.name},
        "description": {"short": texts.say(_SHORT), "full": texts.say(_FULL)},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0B5D6B",
        "bots": [
            {
                "botId": details.app_id.lower(),
                "scopes": ["personal", "team"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {
                        "scopes": ["personal"],
                        "commands": [
                            {
                                "title": texts.say(SETTINGS_COMMAND),
                                "description": texts.say(_COMMAND),
                            }
                        ],
                    }
                ],
            }
        ],
        "defaultInstallScope": "personal",
        "validDomains": [domain],
    }


def translate_manifest(language: str, details: AppDetails) -> dict[str, str]:
    """What the manifest says, in another language."""
    texts: Texts = texts_in(language)
    command = "bots[0].commandLists[0].commands[0]"
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json",
        "name.short": details.name,
        "name.full": details.name,
        "description.short": texts.say(_SHORT),
        "description.full": texts.say(_FULL),
        f"{command}.title": texts.say(SETTINGS_COMMAND),
        f"{command}.description": texts.say(_COMMAND),
    }


def settings_commands() -> frozenset[str]:
    """What the bot understands as a wish to see one's choices, in every language."""
    return frozenset(
        texts_in(language).say(SETTINGS_COMMAND).casefold() for language in languages()
    )


def draw_icon(kind: str) -> bytes:
    """A PNG of the icon: ``color`` with 192 by 192 points, ``outline`` white with 32 by 32."""
    return typst.compile(_DRAWING.read_bytes(), format="png", ppi=72, sys_inputs={"kind": kind})


def check_details(details: AppDetails) -> None:
    """Refuse what Teams would refuse.

    Raises:
        TeamsPackageError: With the first value that is wrong.
    """
    try:
        uuid.UUID(details.app_id)
    except ValueError:
        raise TeamsPackageError(
            f"The app id is {details.app_id!r}; it has to be the GUID that Entra ID shows."
        ) from None
    for what, text, most in (
        ("name", details.name, 30),
        ("organisation", details.organisation, 32),
    ):
        if not 1 <= len(text) <= most:
            raise TeamsPackageError(
                f"The {what} {text!r} has {len(text)} letters; Teams takes 1 to {most}."
            )
    if not re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", details.version):
        raise TeamsPackageError(
            f"The version is {details.version!r}; it has to be three numbers, like 1.0.0."
        )
    for what, url in (
        ("service's address", details.service_url),
        ("address of the privacy page", details.privacy_url),
        ("address of the terms of use", details.terms_url),
    ):
        if url is not None and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
            raise TeamsPackageError(f"The {what} is {url!r}; it has to begin with https://.")


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()
