# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A result as an HTML page. ``element`` alone writes tags, and escapes texts."""

from __future__ import annotations

import base64
import hashlib
import html
import typing as t

from .report import AS_ASSUMED, DIFFERS, NOT_ASKED, NOTED

_DOCUMENT = "https://github.com/qlikops/sense/tree/main/docs/conformance.md"
_EMPTY = ("meta",)

#: The classes of the style sheet of the reports, and the words for them.
_CLASSES = {AS_ASSUMED: "ok", NOTED: "ok", DIFFERS: "warning", NOT_ASKED: "not_probed"}
_WORDS = {
    AS_ASSUMED: "as assumed",
    NOTED: "answered",
    DIFFERS: "different",
    NOT_ASKED: "not answered",
}
_COPES = {"yes": "yes", "setting": "with a setting", "no": "no", "unknown": "unknown"}


class Markup(str):
    """HTML that is escaped already."""

    __slots__ = ()


def element(tag: str, /, *content: t.Any, **attributes: str) -> Markup:
    """An element. Everything but ``Markup`` is escaped."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
    )
    if tag in _EMPTY:
        return Markup(f"<{tag}{named}>")
    return Markup(f"<{tag}{named}>{joined(content)}</{tag}>")


def joined(parts: t.Iterable[t.Any]) -> Markup:
    """The parts one after the other, escaped unless they are ``Markup``."""
    return Markup("".join(p if isinstance(p, Markup) else html.escape(str(p)) for p in parts))


def page(found: t.Mapping[str, t.Any], css: str) -> str:
    """The page of one result. ``css`` is the style sheet of all reports."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", "Conformance of Qlik Sense: " + _verdict(found)),
        # The style sheet is a file of the collection, and its hash is in the policy.
        element("style", Markup(css)),
    )
    groups = [group["name"] for group in found["groups"]]
    body = element(
        "body",
        element("a", "Skip to the answers", class_="skip", href="#answers"),
        _header(found),
        element("nav", element("ul", *(_link(name) for name in groups)), aria_label="Groups"),
        element(
            "main",
            *_differences(found),
            *(_group(found, name) for name in groups),
            id="answers",
            tabindex="-1",
        ),
        element(
            "footer",
            element(
                "p",
                "The page contains no names, addresses or texts of the site. ",
                element("a", "Every question is explained here.", href=_DOCUMENT, rel="noreferrer"),
            ),
        ),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _verdict(found: t.Mapping[str, t.Any]) -> str:
    number = found["summary"][DIFFERS]
    if number:
        return f"{number} answer{'' if number == 1 else 's'} different"
    return "all answers as assumed" if found["complete"] else "not all questions answered"


def _header(found: t.Mapping[str, t.Any]) -> Markup:
    state = "ok" if found["complete"] and not found["summary"][DIFFERS] else "not_probed"
    numbers = (
        element("div", element("dt", _WORDS[name]), element("dd", number))
        for name, number in found["summary"].items()
    )
    return element(
        "header",
        element("h1", "Conformance of Qlik Sense"),
        element("p", "Level ", element("code", found["level"])),
        element("p", _verdict(found).capitalize(), class_=f"verdict {state}"),
        element("dl", *numbers, class_="numbers"),
    )


def _link(name: str) -> Markup:
    return element("li", element("a", name, href=f"#{name}"))


def _differences(found: t.Mapping[str, t.Any]) -> t.List[Markup]:
    """The answers that differ once more, at the top."""
    answers = [answer for answer in found["answers"] if answer["state"] == DIFFERS]
    return [_section("Different answers", "different", answers)] if answers else []


def _group(found: t.Mapping[str, t.Any], name: str) -> Markup:
    answers = [answer for answer in found["answers"] if answer["group"] == name]
    return _section(name.capitalize(), name, answers)


def _section(title: str, name: str, answers: t.Sequence[t.Mapping[str, t.Any]]) -> Markup:
    titles = ("Question", "Assumed", "Observed", "Collection copes")
    return element(
        "section",
        element("h2", title, id=name),
        element(
            "table",
            element("caption", "Questions, and the requests that were sent"),
            element("thead", element("tr", *(element("th", t_, scope="col") for t_ in titles))),
            element("tbody", *(_row(answer) for answer in answers)),
        ),
    )


def _row(answer: t.Mapping[str, t.Any]) -> Markup:
    state = answer["state"]
    expected = [_value(_shown(value)) for value in answer["assumed"]] or [_value("any")]
    observed = "–" if answer["observed"] is None else _shown(answer["observed"])
    copes = [_COPES.get(answer["copes"], "–")]
    if answer["effect"]:
        copes.append(answer["effect"])
    return element(
        "tr",
        element(
            "th",
            answer["question"],
            " ",
            element("code", answer["id"]),
            element("p", answer["sent"], class_="at"),
            scope="row",
        ),
        element("td", *expected),
        element(
            "td", observed, " ", element("span", _WORDS[state], class_=f"badge {_CLASSES[state]}")
        ),
        element("td", ". ".join(copes) if len(copes) > 1 else copes[0]),
    )


def _value(text: str) -> Markup:
    """A value that is not broken into lines."""
    return element("span", text, class_="badge not_probed")


def _shown(value: t.Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
