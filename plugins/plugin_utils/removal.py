# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role jwt_remove removes: virtual proxies, a user, and key files."""

from __future__ import annotations

import difflib
import os
import re
import typing as t

from . import connection, slurped
from .keypair import WINDOWS_PATH
from .text_values import structured, texts
from .validation import faults as type_faults
from .variables import Variables

PREFIX = "jwt_remove_"
#: Where Qlik Sense keeps the certificates of the node.
_OF_SITE = re.compile(r"[\\/]Exported Certificates[\\/]", re.IGNORECASE)
#: The number of the method JWT in the repository.
_JWT = 4

Json = t.Dict[str, t.Any]


def prefixes(variables: Variables) -> t.List[str]:
    """The prefixes of the virtual proxies to remove."""
    names = ("prefix", "prefixes")
    found = [one for name in names for one in texts(variables.answer(PREFIX + name, []))]
    if not found:
        found = [variables.text("jwt_virtual_proxy_prefix")]
    return [one for one in dict.fromkeys(found) if one]


def _paths(variables: Variables, name: str) -> t.List[str]:
    """A list of paths. A path in a list may have commas."""
    return list(dict.fromkeys(texts(variables.answer(PREFIX + name, []), keep_commas=True)))


def key_files(variables: Variables) -> t.List[str]:
    """The key files on the host of the modules."""
    return _paths(variables, "key_files")


def windows_key_files(variables: Variables) -> t.List[str]:
    """The key files on the Windows node."""
    return _paths(variables, "windows_key_files")


def user(variables: Variables) -> t.Any:
    """The user to delete; empty without one."""
    return structured(variables.answer(PREFIX + "user", {})) or {}


def account(variables: Variables) -> t.Dict[str, str]:
    """The options of qlik_user; empty without a user."""
    found = user(variables)
    return {name: found[name] for name in ("directory", "id")} if found else {}


def entries(variables: Variables) -> t.List[t.Dict[str, str]]:
    """The virtual proxies for the module, both for the prediction and for the removal."""
    return [{"prefix": prefix, "state": "absent"} for prefix in prefixes(variables)]


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = type_faults(variables, "jwt_remove")
    if not prefixes(variables):
        found.append(
            "jwt_remove_prefix: set the prefix of the virtual proxy to remove, or "
            "jwt_remove_prefixes for several. The default virtual proxy is never removed."
        )
    return found + list(_user_faults(variables)) + list(_file_faults(variables))


def _user_faults(variables: Variables) -> t.Iterator[str]:
    found = user(variables)
    if found and not (isinstance(found, dict) and {"directory", "id"} <= set(found)):
        yield (
            "jwt_remove_user: set a mapping with directory and id, for example "
            "{directory: PORTAL, id: login_test}."
        )
    if isinstance(found, dict):
        others = [str(value) for value in found.values() if not isinstance(value, str)]
        if others:
            yield (
                f"jwt_remove_user: YAML reads {', '.join(others)} there, which may be another user "
                "than you wrote. Put directory and id into quotes."
            )


def _file_faults(variables: Variables) -> t.Iterator[str]:
    on_node = windows_key_files(variables)
    others = [path for path in on_node if not WINDOWS_PATH.match(path)]
    if others:
        yield (
            f"jwt_remove_windows_key_files: {', '.join(others)} is not a full path on Windows. "
            "Give one with its drive letter, or the files on qlik_api_host as jwt_remove_key_files."
        )
    here = key_files(variables)
    relative = [path for path in here if path[:1] not in ("/", "~")]
    if relative:
        yield (
            f"jwt_remove_key_files: {', '.join(relative)} is not a full path. Give one that begins "
            "with /, and files of the Windows node as jwt_remove_windows_key_files."
        )
    site = [one for one in connection.options(variables).values() if isinstance(one, str)]
    used = [path for path in here if path in site]
    used += [path for path in on_node if _OF_SITE.search(path)]
    if used:
        yield (
            f"Key files: {', '.join(used)} belongs to the site itself, or is used to connect to "
            "it. Take it off the list."
        )


def _fingerprints(site: Json) -> t.Dict[str, str]:
    return {
        one["prefix"]: (one.get("certificate") or {}).get("fingerprint") or ""
        for one in site.get("judgements", [])
    }


def obstacles(variables: Variables, foreseen: Json, site: Json) -> t.List[str]:
    """Why nothing may be removed."""
    found = []
    foreign = [
        one["prefix"] for one in foreseen["before"] if one["entity"]["authenticationMethod"] != _JWT
    ]
    if foreign:
        found.append(
            f"jwt_remove_prefixes: users log in to {', '.join(foreign)} by another method than "
            "JWT. Nothing was removed; take it from the list, or remove it with the module "
            "qlikops.sense.qlik_virtual_proxy."
        )
    same = _same_key(variables, site)
    if same and (key_files(variables) or windows_key_files(variables)):
        found.append(
            f"Key files: {', '.join(same)} trusts the same key. Nothing was removed; leave the "
            "files out, or remove that as well."
        )
    return found


def _same_key(variables: Variables, site: Json) -> t.List[str]:
    """The virtual proxies that stay and trust a key of those that go."""
    keys, going = _fingerprints(site), prefixes(variables)
    gone = [keys[prefix] for prefix in going if keys.get(prefix)]
    return [prefix for prefix, key in keys.items() if prefix not in going and key in gone]


def file_options(variables: Variables, site: Json, read: Json) -> Json:
    """The options of qlik_key_files: what proves that a file belongs to a pair that is removed."""
    keys, going = _fingerprints(site), prefixes(variables)
    passphrases = (variables.text(f"jwt_keypair_{n}") for n in ("passphrase", "src_passphrase"))
    return {
        "paths": key_files(variables),
        "contents": [
            {"path": one["jwt_remove__path"], "content": one["content"]}
            for one in read.get("results", [])
            if "content" in one
        ],
        "fingerprints": [keys[prefix] for prefix in going if prefix in keys],
        "trusted": [key for prefix, key in keys.items() if prefix not in going],
        "pair_paths": _pair_paths(variables),
        "passphrases": [one for one in passphrases if one],
    }


def _pair_paths(variables: Variables) -> t.List[str]:
    """The paths of the key pair that the variables describe, also of its copy on the node."""
    key = variables.text("jwt_keypair_private_key_path")
    certificate = variables.text("jwt_keypair_certificate_path")
    if key and not certificate:
        certificate = os.path.splitext(key)[0] + ".crt"
    public = variables.text("jwt_keypair_public_key_path")
    found = [path for path in (key, public, certificate) if path]
    directory = variables.text("jwt_keypair_windows_directory")
    if directory:
        found += [f"{directory}\\{os.path.basename(path)}" for path in found]
    return found


def files_on_node(dummy: Variables, read: Json) -> Json:
    """What came of reading the key files on the node."""
    results = read.get("results", [])
    denied = slurped.denied(results, "jwt_remove__path")
    return {
        "there": [one["jwt_remove__path"] for one in results if "content" in one],
        "missing": slurped.missing(results, "jwt_remove__path"),
        "unread": [*denied],
        "why": " ".join(dict.fromkeys(denied.values())),
        "first": slurped.reached(results),
    }


def node_faults(variables: Variables, read: Json) -> t.List[str]:
    """The sentence about key files on the node that cannot be read."""
    found = files_on_node(variables, read)
    if not found["unread"]:
        return []
    sentence = (
        f"Key files: {variables['inventory_hostname']} cannot read {', '.join(found['unread'])} "
        f"({found['why']}). Nothing was removed. Name files, not directories, and connect as an "
        "account that may read them."
    )
    return [sentence]


def links(dummy: Variables, stats: Json) -> t.List[str]:
    """The sentence about key files on the node that are links, or cannot be examined."""
    found = [
        one["jwt_remove__path"]
        for one in stats["results"]
        if (one.get("stat") or {}).get("islnk", True)
    ]
    if not found:
        return []
    sentence = (
        f"Key files: {', '.join(found)} is a link, or cannot be examined. Nothing was removed. "
        "Name the file that it points to."
    )
    return [sentence]


def registered(variables: Variables, name: str) -> Json:
    """The result of a task of the role; empty if it did not run."""
    found = variables.answer("jwt_remove__" + name, {})
    return found if isinstance(found, dict) else {}


def misspelled(variables: Variables, site: Json) -> t.List[str]:
    """A warning about prefixes that are nearly those of the site. They would look like success."""
    there = [str(one["prefix"]) for one in site.get("virtual_proxies", [])]
    near = close_names(prefixes(variables), there)
    if not near:
        return []
    host, meant = variables["inventory_hostname"], dict.fromkeys(near.values())
    sentence = (
        f"{host}: jwt_remove_prefixes: no virtual proxy has the prefix {', '.join(near)}. Did you "
        f"mean {', '.join(meant)}?"
    )
    return [sentence]


def close_names(names: t.Iterable[str], known: t.Iterable[str]) -> t.Dict[str, str]:
    """Each of the names that is not known, with the known name that it resembles most."""
    there = [name for name in known if name]
    close = {name: difflib.get_close_matches(name, there, n=1) for name in names}
    return {name: found[0] for name, found in close.items() if found and name not in there}


def _file_options(variables: Variables) -> Json:
    site, read = registered(variables, "site"), registered(variables, "windows_read")
    return file_options(variables, site, read)


def has_files(variables: Variables) -> bool:
    """Whether there are key files to remove."""
    chosen = _file_options(variables)
    return bool(chosen["paths"] or chosen["contents"])


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "prefixes": prefixes,
    "key_files": key_files,
    "windows_key_files": windows_key_files,
    "user": account,
    "entries": entries,
    "faults": faults,
    "obstacles": lambda v: obstacles(v, registered(v, "foreseen"), registered(v, "site")),
    "file_options": _file_options,
    "removed_options": lambda v: {**_file_options(v), "contents": []},
    "has_files": has_files,
    "files_on_node": lambda v: files_on_node(v, registered(v, "windows_read")),
    "node_faults": lambda v: node_faults(v, registered(v, "windows_read")),
    "links": lambda v: links(v, registered(v, "windows_stats")),
}
