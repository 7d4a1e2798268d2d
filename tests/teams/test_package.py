"""The app package is one that Teams takes, by Microsoft's own schemas."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import struct
import zipfile

import jsonschema
import pytest

from scheduler.teams.package import (
    SCHEMA,
    AppDetails,
    TeamsPackageError,
    draw_icon,
    make_package,
    settings_commands,
    write_package,
)
from tests.teams.drawing import MODULES

SCHEMAS = MODULES / f"@microsoft/app-manifest/build/json-schemas/teams/v{SCHEMA}"
DETAILS = AppDetails(
    app_id="11111111-2222-3333-4444-55555555555A",
    organisation="Example Corporation",
    service_url="https://networking.example.com/",
)


def unpack(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture
def files() -> dict[str, bytes]:
    return unpack(make_package(DETAILS))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("manifest.json", "MicrosoftTeams.schema.json"),
        ("de.json", "MicrosoftTeams.Localization.schema.json"),
    ],
)
def test_file_fits_microsofts_schema(files, name, schema):
    if not SCHEMAS.exists():
        pytest.skip("npm's @microsoft/app-manifest is not installed; `make test` does it with npm")

    jsonschema.Draft4Validator(json.loads((SCHEMAS / schema).read_text())).validate(
        json.loads(files[name])
    )


def test_manifest_names_the_bot_and_only_our_own_address(files):
    manifest = json.loads(files["manifest.json"])

    (bot,) = manifest["bots"]
    assert bot["botId"] == "11111111-2222-3333-4444-55555555555a"
    assert bot["scopes"] == ["personal", "team"]
    assert manifest["id"] != bot["botId"]
    assert manifest["validDomains"] == ["networking.example.com"]
    assert manifest["developer"] == {
        "name": "Example Corporation",
        "websiteUrl": "https://networking.example.com",
        "privacyUrl": "https://networking.example.com/privacy",
        "termsOfUseUrl": "https://networking.example.com/terms",
    }


def test_every_file_that_the_manifest_names_is_there(files):
    manifest = json.loads(files["manifest.json"])
    languages = manifest["localizationInfo"]["additionalLanguages"]

    assert set(files) == {
        "manifest.json",
        *manifest["icons"].values(),
        *(entry["file"] for entry in languages),
    }


def test_german_package_says_the_same_in_german(files):
    german = json.loads(files["de.json"])

    assert german["description.short"] == "Menschen aus anderen Teams treffen, wenn es allen passt."
    assert german["bots[0].commandLists[0].commands[0].title"] == "einstellungen"
    assert settings_commands() == {"settings", "einstellungen"}


@pytest.mark.parametrize(("kind", "side"), [("color", 192), ("outline", 32)])
def test_icon_has_the_size_that_teams_asks_for(kind, side):
    header = draw_icon(kind)[:24]

    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:]) == (side, side)


def test_outline_is_white_on_nothing_and_the_colour_icon_is_full(browser):
    page = browser.new_page()

    def look(kind: str) -> dict[str, object]:
        data = base64.b64encode(draw_icon(kind)).decode()
        return page.evaluate(COUNT_POINTS, data)

    outline, colour = look("outline"), look("color")

    assert outline["opaque"] == ["255,255,255"]
    assert outline["clear"] > 32 * 32 / 3
    assert (colour["clear"], colour["partly"]) == (0, 0)
    page.close()


COUNT_POINTS = """async (data) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const points = context.getImageData(0, 0, image.width, image.height).data;
  const opaque = new Set();
  let clear = 0, partly = 0;
  for (let i = 0; i < points.length; i += 4) {
    if (points[i + 3] === 255) opaque.add(points.slice(i, i + 3).join());
    else if (points[i + 3] === 0) clear++;
    else partly++;
  }
  return { opaque: [...opaque], clear, partly };
}"""


def test_same_details_give_the_same_package(tmp_path):
    write_package(tmp_path / "teams.zip", DETAILS)

    assert (tmp_path / "teams.zip").read_bytes() == make_package(DETAILS)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"app_id": "my-bot"}, "app id is 'my-bot'"),
        ({"name": "N" * 31}, "has 31 letters; Teams takes 1 to 30"),
        ({"organisation": ""}, "has 0 letters; Teams takes 1 to 32"),
        ({"version": "1.0"}, "three numbers, like 1.0.0"),
        ({"version": "1.02.0"}, "three numbers, like 1.0.0"),
        ({"service_url": "http://networking.example.com"}, "has to begin with https://"),
        ({"privacy_url": "example.com/privacy"}, "address of the privacy page"),
        ({"terms_url": "https://"}, "address of the terms of use"),
    ],
)
def test_value_that_teams_would_refuse_is_named(change, text):
    with pytest.raises(TeamsPackageError, match=text):
        make_package(dataclasses.replace(DETAILS, **change))
