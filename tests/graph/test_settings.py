from __future__ import annotations

import asyncio

import pytest

from scheduler.graph.client import open_graph
from scheduler.graph.credential import make_credential
from scheduler.graph.errors import ConnectionSettingsError
from scheduler.graph.settings import read_graph_settings

SECRET = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "hush"}


@pytest.mark.parametrize(
    ("environ", "proof"),
    [
        (SECRET, "secret"),
        ({"IDENTITY_ENDPOINT": "http://169.254.1.1", "AZURE_CLIENT_ID": "c"}, "managed-identity"),
    ],
)
def test_proof_is_found(environ, proof):
    assert read_graph_settings(environ).proof == proof


def test_file_proofs_are_found(tmp_path):
    file = tmp_path / "proof"
    file.write_text("x")
    ids = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c"}

    certificate = read_graph_settings({**ids, "AZURE_CLIENT_CERTIFICATE_PATH": str(file)})
    workload = read_graph_settings({**ids, "AZURE_FEDERATED_TOKEN_FILE": str(file)})

    assert (certificate.proof, certificate.certificate) == ("certificate", file)
    assert (workload.proof, workload.token_file) == ("workload-identity", file)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "There is no credential for Microsoft Graph (environment)."),
        ({**SECRET, "AZURE_TENANT_ID": ""}, "AZURE_TENANT_ID is not set (environment)."),
        ({**SECRET, "AZURE_CLIENT_ID": ""}, "AZURE_CLIENT_ID is not set (environment)."),
        (
            {**SECRET, "SCHEDULER_CA_FILE": "/no/such.pem"},
            "The file that SCHEDULER_CA_FILE names does not exist (/no/such.pem).",
        ),
        (
            {**SECRET, "SCHEDULER_GRAPH_URL": "http://graph.example/v1.0"},
            "SCHEDULER_GRAPH_URL must begin with https://",
        ),
        (
            {**SECRET, "SCHEDULER_GRAPH_URL": "https://graph.example:port"},
            "SCHEDULER_GRAPH_URL is not an address",
        ),
        ({**SECRET, "AZURE_AUTHORITY_HOST": "http://x"}, "AZURE_AUTHORITY_HOST is not an address"),
        (
            {**SECRET, "SCHEDULER_GRAPH_IN_FLIGHT": "many"},
            "SCHEDULER_GRAPH_IN_FLIGHT is not a number from 1 to 20",
        ),
        (
            {**SECRET, "SCHEDULER_GRAPH_IN_FLIGHT": "0"},
            "SCHEDULER_GRAPH_IN_FLIGHT is not a number from 1 to 20",
        ),
    ],
)
def test_what_is_missing_is_one_line(environ, message):
    with pytest.raises(ConnectionSettingsError) as raised:
        read_graph_settings(environ)

    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_secret_does_not_show_itself():
    assert "hush" not in repr(read_graph_settings(SECRET))


@pytest.mark.parametrize(
    ("url", "scope"),
    [
        ("https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us/v1.0", "https://graph.microsoft.us/.default"),
        ("https://localhost:8443/v1.0", "https://graph.microsoft.com/.default"),
    ],
)
def test_token_is_asked_for_microsofts_resource(url, scope):
    assert read_graph_settings({**SECRET, "SCHEDULER_GRAPH_URL": url}).scope == scope


def test_certificate_that_is_none_is_one_line(tmp_path):
    file = tmp_path / "proof.pem"
    file.write_text("not a certificate")
    environ = {
        "AZURE_TENANT_ID": "t",
        "AZURE_CLIENT_ID": "c",
        "AZURE_CLIENT_CERTIFICATE_PATH": str(file),
    }

    with pytest.raises(ConnectionSettingsError, match="cannot be used"):
        make_credential(read_graph_settings(environ))


def test_ca_file_that_holds_no_certificate_is_one_line(tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("nothing")

    async def run():
        async with open_graph(read_graph_settings({**SECRET, "SCHEDULER_CA_FILE": str(file)})):
            pass

    with pytest.raises(ConnectionSettingsError, match="certificates cannot be read"):
        asyncio.run(run())
