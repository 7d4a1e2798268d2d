"""Image, compose file and Bicep against each other and against what the product reads."""

from __future__ import annotations

import json
import re
import shlex
from ipaddress import ip_network
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
WORKFLOW = (ROOT / ".github" / "workflows" / "deploy.yml").read_text("utf-8")
PORT = 8080
IN_AZURE = {"job": "apps", "web": "apps", "worker": "workers"}
"""Every container of the product, and the file that it is in."""
IN_COMPOSE = ("job", "pages", "worker")


def properties_of(name):
    """Of a job or app."""
    return FILES[IN_AZURE[name]]["resources"][name]["config"]["properties"]


def of_bicep(name):
    """The container of a job or app, and its secrets and ingress."""
    properties = properties_of(name)
    return properties["template"]["containers"][0], properties["configuration"]


def choose(value, holds):
    """One side of a condition in a Bicep file."""
    return value["operator"]["operands"]["true_value" if holds else "false_value"]


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
    for name in IN_AZURE:
        yield f"Bicep {name}", [entry["name"] for entry in of_bicep(name)[0]["env"]]


@pytest.mark.parametrize(("where", "names"), [pytest.param(*e, id=e[0]) for e in environments()])
def test_every_variable_that_is_set_is_read_by_the_product(where, names):
    ours = {name for name in names if name.startswith(("AZURE_", "SCHEDULER_"))}
    assert ours <= VARIABLES, where


def test_job_pages_and_workers_are_given_the_same_everywhere():
    given = dict(environments())
    assert given["Bicep job"] == given["Bicep web"] == given["Bicep worker"]
    assert given["compose job"] == given["compose pages"] == given["compose worker"]
    values = [COMPOSE["services"][name]["environment"] for name in IN_COMPOSE]
    assert values[0] == values[1] == values[2]
    values = [
        [*map(dict, of_bicep(name)[0]["env"]), of_bicep(name)[1]["secrets"]] for name in IN_AZURE
    ]
    assert values[0] == values[1]
    # The workers' file is handed what the other one works out.
    outputs = FILES["apps"]["outputs"]
    assert outputs["address"]["value"] == "ownAddress"
    assert outputs["ingressNetworks"]["value"] == "ingressNetworks"
    for entry in values[0][:-1]:
        if entry.get("value") == "ownAddress":
            entry["value"] = "address"
    assert values[0] == values[2]
    # Proof of who we are: a certificate here, the managed identity (no variable of ours) there.
    # Traces and metrics: a collector of one's own here, Azure Monitor there.
    assert set(given["compose job"]) ^ set(given["Bicep job"]) == {
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
    }


NOT_DEPLOYED = {
    "SCHEDULER_GRAPH_URL": "a sovereign cloud: see Network in the IT guide",
    "AZURE_AUTHORITY_HOST": "a sovereign cloud",
    "SCHEDULER_TEAMS_URL": "a sovereign cloud",
    "SCHEDULER_TEAMS_KEYS_URL": "a sovereign cloud",
    "SCHEDULER_CA_FILE": "a proxy that opens HTTPS",
    "AZURE_CLIENT_SECRET": "another proof, which somebody could copy",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": "the certificate's file is a secret of the engine",
    "AZURE_FEDERATED_TOKEN_FILE": "set by the cluster, where there is one",
    "SCHEDULER_WORKFLOWS": "channels to which the bot may not post",
    "SCHEDULER_EFFORT": "the usual effort is right",
    "SCHEDULER_TODAY": "for repeating a run as of another day",
    "SCHEDULER_GRAPH_IN_FLIGHT": "Microsoft's limit is right",
    "SCHEDULER_GRAPH_CALL_SECONDS": "the usual patience is right",
    "SCHEDULER_GRAPH_TOTAL_SECONDS": "the usual patience is right",
    "SCHEDULER_TEAMS_IN_FLIGHT": "Microsoft's limit is right",
    "SCHEDULER_TEAMS_CALL_SECONDS": "the usual patience is right",
    "SCHEDULER_TEAMS_TOTAL_SECONDS": "the usual patience is right",
    "SCHEDULER_SANDBOX_HTTP_URL": "of the sandbox alone",
}
"""Variables that the product reads and the deployments leave alone, with the reason."""


def test_every_variable_that_is_read_is_deployed_or_left_alone_for_a_reason():
    given = dict(environments())
    for where in ("Bicep job", "compose job"):
        deployed = {*given["Dockerfile"], *given[where], "AZURE_CLIENT_CERTIFICATE_PATH"}
        assert VARIABLES - deployed == set(NOT_DEPLOYED), where


def test_every_secret_comes_from_the_vault_or_from_the_file_that_is_never_committed():
    secret = {"SCHEDULER_DATABASE_URL", "SCHEDULER_SECRETS", "SCHEDULER_NOTES_KEYS"}
    for name in IN_AZURE:
        container, configuration = of_bicep(name)
        assert {entry["name"] for entry in container["env"] if "secretRef" in entry} == secret
        assert all("keyVaultUrl" in one for one in configuration["secrets"])
    for name in IN_COMPOSE:
        environment = COMPOSE["services"][name]["environment"]
        assert all(re.search(r"\$\{\w+:\?", environment[name]) for name in secret)


def test_vault_holds_every_secret_for_the_variable_that_it_is_for():
    secrets = {
        resource["config"]["properties"]["contentType"]
        for resource in FILES["vault"]["resources"].values()
        if "contentType" in resource["config"]["properties"]
    }
    assert secrets == {"SCHEDULER_DATABASE_URL", "SCHEDULER_SECRETS", "SCHEDULER_NOTES_KEYS"}


def test_example_of_the_environment_has_every_variable_of_the_compose_file():
    text = (ROOT / "infra" / "compose" / "compose.yaml").read_text("utf-8")
    example = (ROOT / "infra" / "compose" / "example.env").read_text("utf-8")
    wanted = set(re.findall(r"\$\{(\w+)[:}]", text))
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == wanted


def test_visitors_address_is_taken_from_proxies_of_private_networks_alone():
    ranges = [
        re.search(r"ingressNetworks = '(.*)'", (AZURE / "apps.bicep").read_text("utf-8"))[1],
        COMPOSE["services"]["pages"]["environment"]["FORWARDED_ALLOW_IPS"],
    ]
    private = [ip_network(n) for n in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12",
                                       "192.168.0.0/16")]  # fmt: skip
    for network in (ip_network(part) for given in ranges for part in given.split(",")):
        assert any(network.subnet_of(one) for one in private)


def commands():
    for name in IN_COMPOSE:
        yield f"compose {name}", COMPOSE["services"][name]["command"]
    for name in IN_AZURE:
        yield f"Bicep {name}", of_bicep(name)[0]["args"]


@pytest.mark.parametrize(("where", "words"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_command_and_option_exists(where, words):
    known = typer.main.get_command(app).commands
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
    for name in IN_AZURE:
        container, configuration = of_bicep(name)
        used = {entry["secretRef"] for entry in container["env"] if "secretRef" in entry}
        assert used == {secret["name"] for secret in configuration["secrets"]}


def test_product_runs_as_nobody_with_nothing_to_write_to():
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["65532:65532"]
    for name in IN_COMPOSE:
        service = COMPOSE["services"][name]
        assert service["user"] == "65532:65532"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_workers_on_a_server_are_as_many_as_asked_for_each_with_room_to_lead():
    worker, job = COMPOSE["services"]["worker"], COMPOSE["services"]["job"]
    assert worker["scale"] == "${WORKERS:-0}"  # and --scale worker=4 says otherwise
    assert "profiles" not in worker
    assert worker["mem_limit"] == job["mem_limit"]
    assert worker["restart"] == "unless-stopped"
    assert "ports" not in worker
    # The image asks whether the pages are there; a worker has none.
    assert "HEALTHCHECK" in DOCKERFILE
    assert worker["healthcheck"] == {"disable": True}


@pytest.mark.parametrize("always", [True, False])
def test_workers_in_azure_are_all_there_or_outside_their_hours_none(always):
    properties = properties_of("worker")
    scale = properties["template"]["scale"]
    assert "ingress" not in properties["configuration"]
    assert scale["maxReplicas"] == "workers"
    assert choose(scale["minReplicas"], always) == ("workers" if always else 0)
    rules = choose(scale["rules"], always)
    if always:
        assert rules == []
        return
    ((kind, rule),) = [(one["custom"]["type"], one["custom"]["metadata"]) for one in rules]
    assert kind == "cron"
    assert rule.pop("desiredReplicas")["function"]["parameters"] == {"value_to_convert": "workers"}
    assert rule == {"timezone": "Etc/UTC", "start": "comeAt", "end": "goAt"}


def test_job_in_azure_runs_once_at_a_time():
    trigger = properties_of("job")["configuration"]["scheduleTriggerConfig"]
    assert (trigger["parallelism"], trigger["replicaCompletionCount"]) == (1, 1)


def test_workflow_brings_the_new_image_to_every_container_and_may_do_so():
    names = {
        resource["config"]["name"].removeprefix("${name}-")
        for file in set(IN_AZURE.values())
        for resource in FILES[file]["resources"].values()
        if resource["type"] in {"Microsoft.App/jobs", "Microsoft.App/containerApps"}
    }
    assert names == set(IN_AZURE)
    updated = re.findall(r'az containerapp (?:job )?update .*--name "\$NAME-(\w+)"', WORKFLOW)
    assert sorted(updated) == sorted(names)
    granted = FILES["deployer"]["resources"].values()
    scopes = {(one["config"].get("config") or one["config"]).get("scope") for one in granted}
    assert names <= scopes


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
