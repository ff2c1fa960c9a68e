# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be done on the node is said in words that tell what to do in Windows or in QMC."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from playbooks.runs import Json
from playbooks.windows import LOCAL, WindowsPlace, thumbprint
from support import key_material as km

KEYPAIR = "qlikops.sense.jwt_keypair"
CREDENTIALS = "qlikops.sense.qrs_credentials"
KEY = km.rsa_key(number=2)
STORE: Json = {"jwt_keypair_source": "certificate_store"}
#: A local user, who may make directories on every drive.
STRANGER = "S-1-5-21-1004336348-1177238915-682003330-1099"
QLIK_CLIENT = {**STORE, "jwt_keypair_friendly_name": "QlikClient"}


def certificate(name: str = "portal", *, key: bool = True, **more: t.Any) -> Json:
    """A certificate for a store; each call makes another one of the same key."""
    made = km.certificate_pem(km.certificate(KEY, common_name=name)).decode()
    pair = {"certificate": made, "key": km.key_pem(KEY).decode()} if key else {"certificate": made}
    return {**pair, **more}


@dataclasses.dataclass(frozen=True)
class Case:
    """What is there, what is asked for, and what the sentence has to name."""

    variables: Json
    names: tuple[str, ...]
    role: str = KEYPAIR
    settings: Json = dataclasses.field(default_factory=dict)
    seed: Json = dataclasses.field(default_factory=dict)
    #: Nothing is made on the node.
    stays_empty: bool = False


CASES = {
    "the key is not exportable": Case(
        {**STORE, "jwt_keypair_friendly_name": "portal"},
        ("not exportable", "LocalMachine\\My", "marked as exportable", "local_certificates"),
        seed={"certificates": [certificate(friendly_name="portal", exportable=False)]},
    ),
    "a container without the key": Case(
        {**STORE, "jwt_keypair_friendly_name": "portal"},
        ("contains no private key", "exported together with it"),
        settings={"container_keys": "missing"},
        seed={"certificates": [certificate(friendly_name="portal")]},
    ),
    "a login over the network does not unlock the key": Case(
        QLIK_CLIENT,
        ("CurrentUser\\My", "ansible_become_method: runas"),
        settings={"client_certificate_of": "administrator", "network_logon_keys": "refused"},
    ),
    "the store of the service account": Case(
        QLIK_CLIENT,
        ("QLIKNODE\\admin", "ansible_become_user", "export it in QMC"),
    ),
    "a wrong thumbprint": Case(
        {**STORE, "jwt_keypair_thumbprint": "AB" * 20},
        ("AB" * 20, "certlm.msc", "LocalMachine, CurrentUser"),
    ),
    "no thumbprint at all": Case(
        {**STORE, "jwt_keypair_thumbprint": "QlikClient"},
        ("40 hexadecimal digits", "certlm.msc"),
    ),
    "neither thumbprint nor name": Case(
        STORE, ("jwt_keypair_thumbprint or jwt_keypair_friendly_name",)
    ),
    "two certificates with one name": Case(
        {**STORE, "jwt_keypair_friendly_name": "portal"},
        ("2 certificates", "jwt_keypair_thumbprint", "CN=one", "CN=two"),
        seed={
            "certificates": [
                certificate("one", friendly_name="portal"),
                certificate("two", friendly_name="portal"),
            ]
        },
    ),
    "a certificate without its key": Case(
        {**STORE, "jwt_keypair_friendly_name": "portal"},
        ("without its private key", "as PFX"),
        seed={"certificates": [certificate(key=False, friendly_name="portal")]},
    ),
    "no exported certificates": Case(
        {"jwt_keypair_source": "local_certificates"},
        (f"{LOCAL}\\server.pem", "QMC", "jwt_keypair_src_path"),
        seed={"remove": [LOCAL]},
    ),
    "no such container": Case(
        {"jwt_keypair_source": "pkcs12", "jwt_keypair_src_path": r"D:\Schlüssel\Köln.pfx"},
        (r"D:\Schlüssel\Köln.pfx", "jwt_keypair_src_path"),
    ),
    "no client certificate": Case(
        {},
        ("client.pem", LOCAL, "export the certificates in QMC", "qrs_credentials_directory"),
        role=CREDENTIALS,
        seed={"remove": [LOCAL]},
    ),
    "one file of the client certificate is missing": Case(
        {}, ("client_key.pem",), role=CREDENTIALS, seed={"remove": [f"{LOCAL}\\client_key.pem"]}
    ),
    "a file that is no certificate": Case(
        {},
        ("root.pem", "is not PEM"),
        role=CREDENTIALS,
        seed={"files": [{"path": f"{LOCAL}\\root.pem", "content": "rubbish"}]},
    ),
    "a copy without an original": Case(
        {
            "jwt_keypair_source": "local_certificates",
            "jwt_keypair_private_key_path": "",
            "jwt_keypair_windows_directory": r"D:\keys",
        },
        ("jwt_keypair_private_key_path", "jwt_keypair_private_key_content"),
    ),
    "a directory that another user made first": Case(
        {"jwt_keypair_windows_directory": r"D:\keys"},
        (rf"D:\keys belongs to {STRANGER}", "Choose another directory"),
        seed={"files": [{"path": r"D:\keys", "owner": STRANGER}]},
        stays_empty=True,
    ),
    "a directory in one of another user": Case(
        {"jwt_keypair_windows_directory": "D:/qlik/keys"},
        (rf"D:\qlik belongs to {STRANGER}",),
        seed={"files": [{"path": r"D:\qlik", "owner": STRANGER}]},
        stays_empty=True,
    ),
    "a key file that another user made first": Case(
        {"jwt_keypair_windows_directory": r"D:\keys"},
        (rf"D:\keys\jwt.key belongs to {STRANGER}",),
        seed={"files": [{"path": r"D:\keys\jwt.key", "content": "", "owner": STRANGER}]},
        stays_empty=True,
    ),
    "a path with variables": Case(
        {"jwt_keypair_windows_directory": r"%ProgramData%\keys"},
        (r"%ProgramData%\keys is not valid", "without variables"),
        stays_empty=True,
    ),
    "a relative path": Case(
        {"jwt_keypair_windows_directory": "keys"}, ("keys is not valid",), stays_empty=True
    ),
    "an account that Windows does not know": Case(
        {"jwt_keypair_windows_directory": r"D:\keys", "jwt_keypair_windows_owner": "nobody"},
        ("nobody",),
    ),
}


#: Those that stand for all where there is little time.
USUAL = {
    "the key is not exportable",
    "the store of the service account",
    "a wrong thumbprint",
    "two certificates with one name",
    "no exported certificates",
    "no client certificate",
    "a directory that another user made first",
}
EVERY = [
    pytest.param(case, id=name, marks=[] if name in USUAL else pytest.mark.long)
    for name, case in CASES.items()
]


@pytest.mark.parametrize("case", EVERY)
def test_it_is_said_what_to_do(place: WindowsPlace, case: Case) -> None:
    place.node.reset(**case.settings)
    place.node.seed(**case.seed)
    before = place.files()
    play = [{"hosts": "qlik", "gather_facts": False, "roles": [{"role": case.role}]}]

    run = place.run(place.host(**case.variables), playbook=play).failed()

    message = " ".join(run.failures)
    for name in case.names:
        assert name in message
    # Ansible's own words for a template that failed are no sentence of ours.
    assert "{{" not in run.output
    assert "Error while" not in run.output
    assert "\n" not in message
    new = place.files().keys() - before.keys()
    assert [path for path in new if case.stays_empty or not path.startswith(r"D:\keys")] == []
    assert not place.workplace.key.exists() or case.role == KEYPAIR
    assert place.left_on_controller() == []


def test_a_service_account_that_may_not_read_the_files(place: WindowsPlace) -> None:
    """It is no administrator, and this directory is for administrators alone."""
    closed = [{"user": "S-1-5-32-544", "rights": "FullControl"}]
    path = r"D:\closed\server.pem"
    place.node.seed(files=[{"path": path, "content": "x", "acl": closed, "inherits": False}])
    host = place.host(
        jwt_keypair_source="local_certificates",
        jwt_keypair_src_path=r"D:\closed",
        **place.node.become(),
    )
    play = [{"hosts": "qlik", "gather_facts": False, "roles": [{"role": KEYPAIR}]}]

    run = place.run(host, playbook=play).failed()

    message = next(text for text in run.failures if text)
    assert r"D:\closed\server" in message
    assert "account that connects" in message


@pytest.mark.parametrize(
    ("role", "variables"),
    [
        (KEYPAIR, {"jwt_keypair_source": "local_certificates"}),
        pytest.param(KEYPAIR, QLIK_CLIENT, marks=pytest.mark.long),
        pytest.param(
            KEYPAIR, {"jwt_keypair_windows_directory": r"D:\keys"}, marks=pytest.mark.long
        ),
        pytest.param(CREDENTIALS, {}, marks=pytest.mark.long),
        pytest.param(
            "qlikops.sense.jwt_remove",
            {
                "jwt_remove_prefix": "portal",
                "jwt_remove_confirm": "portal",
                "jwt_remove_windows_key_files": r"D:\keys\jwt.key",
            },
            marks=pytest.mark.long,
        ),
    ],
)
def test_the_service_that_become_needs_is_disabled(
    place: WindowsPlace, role: str, variables: Json
) -> None:
    place.node.reset(secondary_logon="disabled")
    host = place.host(**place.node.become(), **variables)
    play = [{"hosts": "qlik", "gather_facts": False, "roles": [{"role": role}]}]

    (message,) = place.run(host, playbook=play).failed().failures

    assert "central cannot run tasks as another account (ansible_become)" in message
    assert "service Secondary Logon (seclogon) is disabled" in message
    assert "Win32ErrorCode 1058" in message
    assert "{{" not in message


@pytest.mark.long
def test_a_key_is_not_replaced_and_so_not_exported(place: WindowsPlace) -> None:
    other = km.key_pem(km.rsa_key(number=1))
    place.workplace.key.write_bytes(other)
    wanted = thumbprint(place.local("server.pem"))
    host = place.host(**STORE, jwt_keypair_thumbprint=wanted)

    run = place.run(host).failed()

    message = next(text for text in run.failures if text)
    assert wanted in message
    assert "jwt_keypair_regenerate: partial_idempotence" in message
    assert place.node.tasks(module="win_certificate_store") == []
    assert place.workplace.key.read_bytes() == other

    again = place.run(host | {"jwt_keypair_regenerate": "partial_idempotence"}).ok()

    assert (
        again.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )
    assert place.workplace.key.read_bytes() != other
