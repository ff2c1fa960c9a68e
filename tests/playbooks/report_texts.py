# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proofs of several hosts as the role notes them, with texts that anybody can have written."""

from __future__ import annotations

from playbooks.runs import Json

STEPS = (
    *("resolve", "connect", "tls", "route", "login", "session"),
    *("identity", "page", "engine", "negative", "logout"),
)
#: Markup, quotes, the end of a CDATA section, escapes, what Jinja takes for its own, control
#: characters, other scripts, a character beyond 16 bits, one that turns the direction of writing.
EVIL = (
    "<script>document.title='x'</script> <img src=x onerror=alert(1)> \"double\" 'single' &amp; "
    r"]]> --> \ \" \u0041 {{ 1 + 1 }} {% raw %} "
    "\x00\x07\x0b\x1b[31m\ufffe \tÄpfel – 日本 😀 \u202e"
)
#: The same as a reader sees it: what XML cannot hold is replaced, and nothing else.
SHOWN = "".join("\ufffd" if c in "\x00\x07\x0b\x1b\ufffe" else c for c in EVIL)
LONG = "x" * 200


def steps(failed: str | None = None) -> list[Json]:
    """The steps of a login that went well, or as far as the one that failed."""
    reached = STEPS if failed is None else STEPS[: STEPS.index(failed) + 1]
    return [
        {
            "name": name,
            "ok": name != failed if name in reached else None,
            "status": 400 if name == failed else None,
            "seconds": 0.25 if name in ("connect", "login") and name in reached else None,
            "note": EVIL if name == failed else "",
        }
        for name in STEPS
    ]


def finding(code: str, level: str, text: str = "As it says.") -> Json:
    """A finding whose every text is this one."""
    evidence = {"name": text, "entries": [text, LONG], "none": None, "number": 3, "yes": True}
    return {
        "code": code,
        "level": level,
        "summary": f"{code}: {text}",
        "evidence": evidence if level == "error" else {},
        "remedy": f"Mend {code}. {text}",
        "qmc_field": "Virtual proxies > Links" if level == "error" else None,
        "option": "qlik_virtual_proxy.proxies" if level == "error" else None,
    }


def login(prefix: str, status: str, **more: object) -> Json:
    """A login that came out so."""
    return {
        "prefix": prefix,
        "url": "https://qlik.example.com",
        "status": status,
        "ok": {"ok": True, "warning": True, "failed": False}.get(status),
        "verdict": "access_granted",
        "msg": "",
        "user": {"directory": "ACME", "id": EVIL, "name": EVIL, "sources": ["proxy"]},
        "session_cookie_name": "X-Qlik-Session",
        "findings": [],
        "steps": steps(),
        **more,
    }


def proof(host: str, *logins: Json) -> Json:
    """What the role notes of a host."""
    return {
        "host": host,
        "status": logins[0]["status"],
        "ended": "2026-11-02T08:30:00Z",
        "reason": "",
        "logins": list(logins),
    }


PROOFS: dict[str, Json] = {
    "good": proof("good", login("portal", "ok")),
    "warned": proof(
        "warned",
        login("portal", "warning", findings=[finding("weak_key", "warning")]),
        # As it has to be.
        login(
            "old",
            "ok",
            verdict="key_mismatch",
            user=None,
            findings=[finding("key_mismatch", "error")],
            steps=steps("login"),
        ),
    ),
    "bad": proof(
        "bad",
        login(
            EVIL,
            "failed",
            url=f"https://{LONG}.example.com",
            verdict="not_linked",
            msg=f"not_linked: {EVIL}",
            user=None,
            findings=[
                finding("not_linked", "error", EVIL),
                finding("weak_key", "warning", EVIL),
                finding("redirect_uri_ignored", "info", EVIL),
            ],
            steps=steps("route"),
        ),
        login("", "not_probed", ok=None, verdict=None, msg=EVIL, user=None, steps=[]),
    ),
}
#: A host on which the run failed before.
ABSENT = "absent"
