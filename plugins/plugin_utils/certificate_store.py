# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate store of a Windows node: which certificate the role jwt_keypair exports."""

from __future__ import annotations

import re
import textwrap
import typing as t

from .keypair import PREFIX, given, may_replace, options, predicts
from .keypair_faults import thumbprint
from .keypair_node import ITEM
from .variables import Variables

#: The other ways to the key pair of a certificate.
_OTHER_SOURCES = (
    "export it in QMC (Certificates) and use jwt_keypair_source: local_certificates, pem or pkcs12"
)

Json = t.Dict[str, t.Any]


def store_name(variables: Variables) -> str:
    """The name of the store."""
    return variables.text(PREFIX + "certificate_store_name") or "My"


def locations(variables: Variables) -> t.List[str]:
    """The locations of the store to search."""
    chosen = variables.text(PREFIX + "certificate_store_location")
    return [chosen] if chosen else ["LocalMachine", "CurrentUser"]


def _results(variables: Variables) -> t.List[Json]:
    return list(variables.answer("jwt_keypair__stores", {}).get("results", []))


def _candidates(variables: Variables) -> t.List[t.Tuple[str, Json]]:
    """The location and the certificate of each match."""
    wanted = thumbprint(variables)
    name = variables.text(PREFIX + "friendly_name").strip().lower()

    def matches(certificate: Json) -> bool:
        if wanted:
            return str(certificate.get("thumbprint", "")).upper().startswith(wanted)
        return str(certificate.get("friendly_name") or "").strip().lower() == name

    return [
        (str(one[ITEM]), certificate)
        for one in _results(variables)
        for certificate in one.get("certificates") or []
        if matches(certificate)
    ]


def _chosen(variables: Variables) -> t.Tuple[str, Json]:
    """The match to use: preferably one with its private key."""
    every = _candidates(variables)
    return next((one for one in every if one[1].get("has_private_key")), every[0])


def _store(variables: Variables) -> str:
    return f"{_chosen(variables)[0]}\\{store_name(variables)}"


def _asked(variables: Variables) -> str:
    wanted = thumbprint(variables)
    if wanted:
        return f"{PREFIX}thumbprint: {wanted}"
    return f"{PREFIX}friendly_name: {variables.text(PREFIX + 'friendly_name')}"


def account(variables: Variables) -> str:
    """The account of the tasks on the node."""
    who = variables["jwt_keypair__who"]["account"]
    return "\\".join(name for name in (who.get("domain_name"), who.get("account_name")) if name)


def faults(variables: Variables) -> t.List[str]:
    """Why none of the certificates can be used."""
    every, host = _candidates(variables), variables["inventory_hostname"]
    if not every:
        return [_absent(variables)]
    found = []
    subjects = {str(one["thumbprint"]): str(one["subject"]) for _location, one in every}
    if len(subjects) > 1:
        named = ", ".join(f"{print_} is {subject}" for print_, subject in subjects.items())
        found.append(
            f"{_asked(variables)} matches {len(subjects)} certificates on {host}. Set "
            f"jwt_keypair_thumbprint of the correct one: {named}."
        )
    if not _chosen(variables)[1].get("has_private_key"):
        found.append(
            f"{_asked(variables)} is in {_store(variables)} on {host} without its private key. "
            f"Import it with the key, as PFX, or {_OTHER_SOURCES}."
        )
    return found


def _absent(variables: Variables) -> str:
    messages = dict.fromkeys(
        " ".join(str(one["msg"]).split()) for one in _results(variables) if one.get("msg")
    )
    errors = f" ({' '.join(messages)})" if messages else ""
    return (
        f"{_asked(variables)} is in none of the stores {', '.join(locations(variables))} "
        f"({store_name(variables)}) that {account(variables)} sees on "
        f"{variables['inventory_hostname']}{errors}. Compare it with certlm.msc and certmgr.msc. "
        "A certificate of the account that runs Qlik's services, such as QlikClient, only that "
        "account can read: let the tasks on the node run as it (ansible_become, "
        f"ansible_become_method: runas, ansible_become_user), or {_OTHER_SOURCES}."
    )


def pem(variables: Variables) -> str:
    """The certificate. The module documents cert_data and returns raw."""
    certificate = _chosen(variables)[1]
    data = str(certificate.get("raw") or certificate.get("cert_data") or "")
    lines = textwrap.wrap(data, 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def found(variables: Variables) -> Json:
    """The options of qlik_keypair for the certificate without its private key."""
    return {"source": "pem", "src_content": pem(variables)}


def compared(variables: Variables) -> Json:
    """The options of qlik_keypair that compare the key files with the certificate."""
    return options(variables, found(variables))


def is_to_export(variables: Variables) -> bool:
    """Whether the private key is exported.

    Not if the key files are a pair with the certificate already.
    """
    held = variables.answer("jwt_keypair__held", {})
    return "private_key_path" in given(variables) and "fingerprint" not in held


def is_known(variables: Variables) -> bool:
    """Whether the certificate is enough, because nothing is exported or only predicted."""
    return predicts(variables) or not is_to_export(variables)


def obstacles(variables: Variables) -> t.List[str]:
    """Why the key of the store may not replace the key in the file."""
    exists = variables.answer("jwt_keypair__key_file", {}).get("stat", {}).get("exists")
    if not (is_to_export(variables) and exists) or may_replace(variables):
        return []
    message = variables.answer("jwt_keypair__held", {}).get("msg") or ""
    sentence = (
        f"{_name(variables)} was not exported: {message} To replace the key by that of the store, "
        "set jwt_keypair_regenerate: partial_idempotence."
    )
    return [sentence]


def _name(variables: Variables) -> str:
    certificate = _chosen(variables)[1]
    return f"{certificate['subject']} ({certificate['thumbprint']})"


def prediction(variables: Variables) -> str:
    """What would be exported; empty if nothing would."""
    if not (is_to_export(variables) and predicts(variables)):
        return ""
    return (
        f"Check mode: {_name(variables)} would be exported from {_store(variables)}, and its "
        f"private key would be written to {given(variables)['private_key_path']}."
    )


def export_options(variables: Variables) -> Json:
    """The options of win_certificate_store that name the certificate."""
    location, certificate = _chosen(variables)
    return {
        "thumbprint": certificate["thumbprint"],
        "store_name": store_name(variables),
        "store_location": location,
    }


def pfx_path(variables: Variables) -> str:
    """The file of the export in the private directory."""
    return f"{variables['jwt_keypair__private_directory']['path']}\\exported.pfx"


def export_faults(variables: Variables) -> t.List[str]:
    """Why the private key was not exported."""
    exported = variables.answer("jwt_keypair__exported", {})
    if "thumbprints" in exported and not exported.get("msg"):
        return []
    reason = " ".join(str(exported.get("msg") or "").split())
    sentence = (
        f"Windows does not export the private key of {_name(variables)} from {_store(variables)} "
        f"on {variables['inventory_hostname']} to {account(variables)} ({reason}). When it was "
        "imported as not exportable, import its PFX again with the key marked as exportable, or "
        f"{_OTHER_SOURCES}; when another account holds it, or the login over the network does not "
        "unlock it, let the tasks on the node run with ansible_become and ansible_become_method: "
        "runas."
    )
    return [re.sub(r" \(\)", "", sentence)]


def pfx_faults(variables: Variables) -> t.List[str]:
    """Why the exported file cannot be read."""
    read = variables.answer("jwt_keypair__pfx", {})
    if "content" in read:
        return []
    sentence = (
        f"The export from {_store(variables)} on {variables['inventory_hostname']} could not be "
        f"read ({str(read.get('msg') or '').strip()}); it is removed. Run the playbook again."
    )
    return [sentence]


def exported(variables: Variables) -> Json:
    """The options of qlik_keypair for the exported pair."""
    return {
        "source": "pkcs12",
        "src_content": variables["jwt_keypair__pfx"]["content"],
        "src_passphrase": variables["jwt_keypair__pfx_passphrase"],
    }


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "store_name": store_name,
    "locations": locations,
    "faults": faults,
    "found": found,
    "compared": compared,
    "is_to_export": is_to_export,
    "is_known": is_known,
    "obstacles": obstacles,
    "prediction": prediction,
    "export_options": export_options,
    "pfx_path": pfx_path,
    "export_faults": export_faults,
    "pfx_faults": pfx_faults,
    "exported": exported,
}
