"""Image, compose file and Bicep against each other and against what the product reads."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from pycep import BicepParser
from ruamel.yaml import YAML

from scheduler.cli import app

ROOT = Path(__file__).parents[2]
AZURE = ROOT / "infra" / "azure"
VARIABLES = set(
    re.findall(
        r"\b(?:AZURE|SCHEDULER)_[A-Z_]+\b",
        "".join(path.read_text("utf-8") for path in (ROOT / "scheduler").rglob("*.py")),
    )
)
DOCKERFILE = (ROOT / "infra" / "container" / "Dockerfile").read_text("utf-8")
COMPOSE = YAML(typ="safe").load((ROOT / "infra" / "compose" / "compose.yaml").read_text("utf-8"))
FILES = {path.stem: BicepParser().parse(file_path=path) for path in AZURE.glob("*.bicep")}
PORT = 8080


def of_bicep(name):
    """The container of a job or app, and its secrets and ingress."""
    properties = FILES["apps"]["resources"][name]["config"]["properties"]
    return properties["template"]["containers"][0], properties["configuration"]


def environments():
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :].replace("\\\n", " ")
    yield (
        "Dockerfile",
        [
            word.split("=")[0]
            for line in re.findall(r"^ENV (.*)$", last_stage, re.MULTILINE)
            for word in shlex.split(line)
        ],
    )
    for name, service in COMPOSE["services"].items():
        yield f"compose {name}", list(service.get("environment", {}))
    for name in ("job", "web"):
        yield f"Bicep {name}", [entry["name"] for entry in of_bicep(name)[0]["env"]]


@pytest.mark.parametrize(("where", "names"), [pytest.param(*e, id=e[0]) for e in environments()])
def test_every_variable_that_is_set_is_read_by_the_product(where, names):
    ours = {name for name in names if name.startswith(("AZURE_", "SCHEDULER_"))}
    assert ours <= VARIABLES, where


def test_job_and_pages_are_given_the_same_everywhere():
    given = dict(environments())
    assert given["Bicep job"] == given["Bicep web"]
    assert given["compose job"] == given["compose pages"]
    # Proof of who we are: a certificate here, the managed identity (no variable of ours) there.
    assert set(given["compose job"]) - set(given["Bicep job"]) == {"AZURE_CLIENT_CERTIFICATE_PATH"}


def commands():
    for name in ("job", "pages"):
        yield f"compose {name}", COMPOSE["services"][name]["command"]
    for name in ("job", "web"):
        yield f"Bicep {name}", of_bicep(name)[0]["args"]


@pytest.mark.parametrize(("where", "words"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_command_and_option_exists(where, words):
    known = typer.main.get_command(app).commands
    if words[0] not in known:
        pytest.skip(f"the command {words[0]} is not built yet")
    options = {option for param in known[words[0]].params for option in param.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_pages_are_reached_on_one_port_everywhere():
    container, configuration = of_bicep("web")
    probes = [probe["httpGet"]["port"] for probe in container["probes"]]
    assert [configuration["ingress"]["targetPort"], *probes] == [PORT] * 4
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [str(PORT)]
    assert f"http://127.0.0.1:{PORT}/health" in DOCKERFILE
    assert COMPOSE["services"]["pages"]["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    for words in (of_bicep("web")[0]["args"], COMPOSE["services"]["pages"]["command"]):
        assert words[words.index("--port") + 1] == str(PORT)


def test_every_secret_that_a_container_names_is_declared():
    for name in ("job", "web"):
        container, configuration = of_bicep(name)
        used = {entry["secretRef"] for entry in container["env"] if "secretRef" in entry}
        assert used == {secret["name"] for secret in configuration["secrets"]}


def test_product_runs_as_nobody_with_nothing_to_write_to():
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["65532:65532"]
    for name in ("pages", "job"):
        service = COMPOSE["services"][name]
        assert service["user"] == "65532:65532"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_database_is_reached_from_the_inner_network_only():
    assert COMPOSE["services"]["database"]["networks"] == ["inner"]
    assert COMPOSE["networks"]["inner"]["internal"] is True
    assert "ports" not in COMPOSE["services"]["database"]
    server = FILES["database"]["resources"]["server"]["config"]["properties"]
    assert server["network"]["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize("module", sorted(FILES["main"]["modules"]))
def test_module_is_given_the_parameters_that_it_takes(module):
    declared = FILES["main"]["modules"][module]
    file = FILES[Path(declared["detail"]["path"]).stem]
    config = declared["config"]
    if "condition" in config:
        config = config["config"]
    assert set(config["params"]) == set(file["parameters"])


def test_every_output_that_main_reads_exists():
    text = (AZURE / "main.bicep").read_text("utf-8")
    for module, output in re.findall(r"\b(\w+)\.outputs\.(\w+)", text):
        assert output in FILES[module]["outputs"], f"{module}.outputs.{output}"


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_size_sets_known_parameters_to_allowed_values(size):
    file = json.loads((AZURE / f"{size}.parameters.json").read_text("utf-8"))
    text = (AZURE / "main.bicep").read_text("utf-8")
    for name, given in file["parameters"].items():
        declaration = re.search(rf"((?:^@.*\n)*)^param {name} (\w+)", text, re.MULTILINE)
        assert declaration is not None, name
        kind = {"string": str, "int": int}[declaration[2]]
        assert isinstance(given["value"], kind)
        if allowed := re.search(r"@allowed\(\[(.*)\]\)", declaration[1]):
            assert given["value"] in re.findall(r"'([^']*)'", allowed[1])


def test_sizes_set_the_same_parameters_so_that_one_can_grow_into_the_next():
    names = [
        set(json.loads((AZURE / f"{size}.parameters.json").read_text("utf-8"))["parameters"])
        for size in ("small", "medium", "large")
    ]
    assert names[0] == names[1] == names[2]
