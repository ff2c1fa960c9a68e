# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role jwt_remove removes."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import removal, removal_result
from unit.plugin_utils.hosts import Json, variables

FORESEEN: Json = {
    "before": [{"prefix": "p", "entity": {"authenticationMethod": 4}}],
    "proxies_restarted": {"Rim": 1, "Central": 1},
    "sessions_ending": {"Central": 17, "Rim": None},
}
SITE: Json = {
    "virtual_proxies": [{"prefix": "p"}, {"prefix": "q"}, {"prefix": ""}],
    "judgements": [
        {"prefix": "p", "certificate": {"fingerprint": "f1"}},
        {"prefix": "q", "certificate": {"fingerprint": "f1"}},
        {"prefix": "r", "certificate": None},
    ],
}


def of(**own: t.Any) -> t.Any:
    """Variables of the role, without its prefix."""
    return variables({n if n[:4] == "jwt_" else f"jwt_remove_{n}": v for n, v in own.items()})


def test_the_described_virtual_proxy_goes_where_none_is_named() -> None:
    assert removal.prefixes(of(prefix="a", prefixes="b\na")) == ["a", "b"]
    assert removal.prefixes(of(jwt_virtual_proxy_prefix="p")) == ["p"]
    assert removal.prefixes(of(prefix="", jwt_virtual_proxy_prefix="")) == []


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({}, "jwt_remove_prefix: set the prefix"),
        ({"prefix": "p", "user": "{directory: D}"}, "jwt_remove_user: set a mapping"),
        ({"prefix": "p", "user": "{directory: D, id: 0123}"}, "YAML reads 83 there"),
        ({"prefix": "p", "key_files": "keys/k"}, "keys/k is not a full path."),
        ({"prefix": "p", "windows_key_files": ["k"]}, "k is not a full path on Windows."),
        ({"prefix": "p", "windows_key_files": "C:/Exported Certificates/k"}, "belongs to the site"),
        ({"prefix": "p", "allow_http": "perhaps"}, "jwt_remove_allow_http: give true or false."),
    ],
)
def test_faults(own: Json, sentence: str) -> None:
    assert sentence in " ".join(removal.faults(of(**own)))


def test_a_file_of_the_connection_is_not_removed() -> None:
    own = {"jwt_remove_prefix": "p", "jwt_remove_key_files": "/c", "qlik_client_key_path": "/c"}
    assert "/c belongs to the site itself" in " ".join(removal.faults(variables(own)))


def test_obstacles() -> None:
    other = {**FORESEEN, "before": [{"prefix": "s", "entity": {"authenticationMethod": 3}}]}
    assert removal.obstacles(of(prefix="p"), FORESEEN, SITE) == []
    (sentence,) = removal.obstacles(of(prefix="s"), other, SITE)
    assert "users log in to s by another method" in sentence
    (sentence,) = removal.obstacles(of(prefix="p", key_files="/k"), FORESEEN, SITE)
    assert "q trusts the same key" in sentence
    assert removal.obstacles(of(prefixes="p,q", key_files="/k"), FORESEEN, SITE) == []


def test_what_proves_that_a_file_belongs_to_the_pair() -> None:
    own = of(
        prefix="p",
        key_files="/k",
        jwt_keypair_private_key_path="/keys/a.key",
        jwt_keypair_windows_directory="D:",
        jwt_keypair_passphrase="x",
    )
    read = {"results": [{"jwt_remove__path": "D:\\\\a", "content": "S2V5"}, {"msg": "x"}]}
    assert removal.file_options(own, SITE, read) == {
        "paths": ["/k"],
        "contents": [{"path": "D:\\\\a", "content": "S2V5"}],
        "fingerprints": ["f1"],
        "trusted": ["f1", ""],
        "pair_paths": ["/keys/a.key", "/keys/a.crt", "D:\\a.key", "D:\\a.crt"],
        "passphrases": ["x"],
    }


def test_a_file_that_may_not_be_read_is_not_missing() -> None:
    results = [
        {"jwt_remove__path": "a", "content": "S2V5"},
        {"jwt_remove__path": "b", "msg": "Path b is not found"},
        {"jwt_remove__path": "c", "msg": "Zugriff verweigert "},
        {"jwt_remove__path": "d", "unreachable": True},
    ]
    found = removal.files_on_node(variables(), {"results": results})
    assert (found["there"], found["missing"], found["unread"]) == (["a"], ["b"], ["c", "d"])
    assert found["why"].strip() == "Zugriff verweigert"
    assert found["first"] == results[3]
    stats = [
        {"jwt_remove__path": "a", "stat": {"islnk": False}},
        {"jwt_remove__path": "b", "stat": {}},
    ]
    (sentence,) = removal.links(variables(), {"results": stats})
    assert sentence.startswith("Key files: b is a link")
    assert removal.links(variables(), {"results": stats[:1]}) == []
    (sentence,) = removal.node_faults(variables(), {"results": results})
    assert "cannot read c, d (Zugriff verweigert" in sentence
    assert removal.node_faults(variables(), {"results": results[:2]}) == []


def test_files_that_could_not_be_deleted() -> None:
    outcome = {"results": [{"jwt_remove__path": "a", "changed": True}, {"unreachable": True}]}
    (sentence,) = removal_result.left_on_node(variables(), ["a", "b"], outcome)
    assert sentence.startswith("b could not be deleted on central")
    assert removal_result.left_on_node(variables(), ["a"], outcome) == []


def test_misspelled_prefixes() -> None:
    known = ["portal", "report", "", "hub"]
    assert removal.close_names(["portl", "report", "zzz"], known) == {"portl": "portal"}
    assert removal.close_names(["portal"], []) == {}
    site = {"virtual_proxies": [{"prefix": name} for name in known]}
    assert (
        "no virtual proxy has the prefix portl. Did you mean portal?"
        in (removal.misspelled(of(prefix="portl"), site)[0])
    )


def test_what_goes() -> None:
    own = of(prefix="p", allow_http=True, user={"directory": "D", "id": "u"})
    said = removal_result.sentence(
        own,
        FORESEEN,
        {"before": {"entity": {"id": 1}}},
        {"there": ["D:/k"]},
        {"removed": ["/k"]},
    )
    assert said == (
        "plain HTTP of the proxies on Central, Rim; the virtual proxies p (served by the proxies "
        "on Central, Rim, which restart and end the sessions of everybody on them: 17 on Central, "
        "an unknown number on Rim); the user D\\u; the files D:/k on central; the files /k on "
        "localhost"
    )
    alone = {**FORESEEN, "proxies_restarted": {}, "sessions_ending": {}}
    assert "served by no proxy" in removal_result.sentence(own, alone, {}, {}, {})
    nothing = {**alone, "before": []}
    assert removal_result.sentence(own, nothing, {}, {}, {}) == ""


def test_each_prefix_has_to_be_confirmed() -> None:
    own: Json = {"prefixes": "p,q", "confirm": "p"}
    assert removal_result.unconfirmed(of(**own), "x").startswith("jwt_remove_confirm: give p, q")
    assert removal_result.unconfirmed(of(**{**own, "confirm": "q, p"}), "x") == ""
    check = variables({"jwt_remove_prefix": "p", "ansible_check_mode": True})
    assert removal_result.unconfirmed(check, "x") == ""


@pytest.mark.parametrize(
    ("outcome", "before"),
    [
        ({"before": [1]}, [1]),
        ({"before": [1], "failed": True}, []),
        ({"before": [1], "failed": True, "failure": {"done": ["x"]}}, [1]),
        ({}, []),
    ],
)
def test_a_write_that_did_nothing_leaves_nothing_to_restore(
    outcome: Json, before: list[int]
) -> None:
    found = removal_result.result(
        of(prefix="p", user={"directory": "D", "id": "u"}),
        SITE,
        outcome,
        {},
        {"changed": True},
        {},
        {},
    )
    assert found["before"] == before
    assert (found["changed"], found["user"]) == (True, {"directory": "D", "id": "u"})
