# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A figure: what was measured, what is wanted of it, and how both read in a table."""

from __future__ import annotations

import dataclasses
import statistics
import typing as t


@dataclasses.dataclass(frozen=True)
class Figure:
    """Ratios of two sides that ran in turn. ``sign`` is "≤" or "≥", before the ``target``.

    Without a target, a figure is only shown.

    ``floor`` is the ratio that nobody can pass who does the same by a task of Ansible, with the
    words for it in ``reason``.
    """

    name: str
    ratios: t.Sequence[float]
    sign: str = ""
    target: float | None = None
    floor: float | None = None
    reason: str = ""

    @property
    def median(self) -> float:
        """What counts: the median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Whether the median is where it is wanted."""
        if self.target is None:
            return True
        return self.median <= self.target if self.sign == "≤" else self.median >= self.target


def ratios(over: t.Sequence[float], under: t.Sequence[float]) -> list[float]:
    """One ratio for each turn, so that a busy moment of the machine weighs on both sides."""
    return [left / right for left, right in zip(over, under, strict=True)]


def table(figures: t.Sequence[Figure]) -> str:
    """The figures as lines for the screen."""
    rows = [("figure", "ratio", "spread", "runs", "target", "", "Ansible's own limit")]
    rows += [
        (
            figure.name,
            f"{figure.median:.2f}",
            f"{min(figure.ratios):.2f}–{max(figure.ratios):.2f}",
            str(len(figure.ratios)),
            "" if figure.target is None else f"{figure.sign} {figure.target:g}",
            "" if figure.target is None else "met" if figure.is_met else "MISSED",
            "" if figure.floor is None else f"{figure.floor:.2f} ({figure.reason})",
        )
        for figure in figures
    ]
    return columns(rows)


def columns(rows: t.Iterable[tuple[str, ...]]) -> str:
    """Rows of text, each column as wide as its longest entry."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in listed)
    return "\n".join(lines)
