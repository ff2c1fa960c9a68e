# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Carries a plan out: the one place of this collection that writes virtual proxies and links.

Every write sends the whole entity as read, plus the change. The journal records each step, so that
a failure can report the state of the site.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import PROXY_SERVICE, VIRTUAL_PROXY, created, updated
from ..entity.reader import TAG as TAG_KIND
from ..entity.reconcile import CREATE, DELETE, UPDATE
from ..entity.retry import Journal, Step
from ..errors import AnswerError, QlikError
from ..site.nodes import linked_ids
from ..site.reader import read_tags
from ..text import quoted
from . import convert as vp
from .plan import NONE
from .references import identified, new_tags
from .site_plan import ServiceLinks

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs
    from .plan import Plan
    from .site_plan import SitePlan


def apply(qrs: Qrs, plan: SitePlan, journal: VirtualProxyJournal) -> None:
    """Write what ``plan`` says, in the order that leaves no dead prefix behind.

    New virtual proxies are created before they are linked, and removed ones are deleted last.
    Raises ``Conflict`` if one of the entities was changed in between: read and plan again then.
    """
    writer = _Writer(qrs, plan, journal)
    going = [each for each in plan.plans if each.action == DELETE]
    for each in going:
        if each.prefix in plan.first:
            writer.delete(each)
    tags = writer.tags()
    for each in plan.written:
        writer.write(each, tags)
    for change in plan.links:
        writer.link(change)
    for each in going:
        if each.prefix not in plan.first:
            writer.delete(each)


class _Writer:
    def __init__(self, qrs: Qrs, plan: SitePlan, journal: VirtualProxyJournal) -> None:
        self._qrs = qrs
        self._site = plan.site
        self._plan = plan
        self._journal = journal
        self._gone: t.Set[str] = set()

    def tags(self) -> t.Dict[str, Entity]:
        """Every tag that is new to a virtual proxy, by name; created when there is none."""
        new = [n for each in self._plan.plans for n in new_tags(each.entity or {})]
        wanted = list(dict.fromkeys(new))
        seen = (tag for item in self._site.everyone.values() for tag in item.get("tags") or [])
        known = {tag["name"]: tag for tag in seen if tag.get("name") in wanted} if wanted else {}
        unseen = [name for name in wanted if name not in known]
        known.update({tag["name"]: tag for tag in read_tags(self._qrs, unseen)})
        for name in unseen:
            if name not in known:
                with self._journal.step(Step(TAG, name, f"created the tag '{name}'", creates=True)):
                    known[name] = created(TAG_KIND, self._qrs.create(TAG_KIND, {"name": name}))
        return {name: {"id": tag["id"], "name": name} for name, tag in known.items()}

    def write(self, plan: Plan, tags: t.Mapping[str, Entity]) -> None:
        """Create or change one virtual proxy, and look at what the server made of it."""
        body = identified(t.cast("Entity", plan.entity), tags)
        if plan.action == CREATE:
            text = f"created the virtual proxy '{plan.prefix}'"
            with self._journal.step(Step(CREATE, plan.prefix, text, creates=True)):
                answer = self._qrs.create(VIRTUAL_PROXY, body)
                created(VIRTUAL_PROXY, answer, vp.FULL_SHAPE)
            self._journal.created[plan.prefix] = answer["id"]
        else:
            text = f"changed the virtual proxy '{plan.prefix}'"
            restarted = self._plan.noticed(plan)
            with self._journal.step(Step(UPDATE, plan.prefix, text, restarted)):
                answer = self._qrs.update(VIRTUAL_PROXY, body)
                updated(VIRTUAL_PROXY, body, answer, vp.FULL_SHAPE)
        self._journal.entities[plan.prefix] = answer
        lost = vp.kept(body, answer, (option for option in plan.options if option != "proxies"))
        if lost:
            raise QlikError(
                f"The repository took the virtual proxy '{plan.prefix}', but its answer does not "
                f"carry {', '.join(lost)} as it was sent. Compare with QMC, Virtual proxies; an "
                "older server may lack the setting.",
                options=lost,
            )

    def link(self, change: ServiceLinks) -> None:
        """Write one proxy service, whatever number of virtual proxies it gains and loses."""
        service = next(i for i in self._site.proxy_services if i["id"] == change.service_id)
        link, unlink = ([self._id(p) for p in ps] for ps in (change.link, change.unlink))
        said = [
            f"{verb} {quoted(prefixes)} and the proxy on {change.name}"
            for verb, prefixes in (("linked", change.link), ("unlinked", change.unlink))
            if prefixes
        ]
        step = Step(LINK, change.service_id, "; ".join(said), (change.name,), change.link)
        with self._journal.step(step):
            body = relinked(service, link, {*unlink, *self._gone})
            answer = self._qrs.update(PROXY_SERVICE, body)
            updated(PROXY_SERVICE, body, answer)
        served = set(linked_ids(answer))
        if not served.issuperset(link) or served.intersection(unlink):
            verb = "unlinked" if served.issuperset(link) else "linked"
            raise QlikError(
                f"The repository accepted the change, but the proxy on {change.name} is still not "
                f"{verb}. Another administrator may have changed it at the same time."
            )

    def delete(self, plan: Plan) -> None:
        """Delete one virtual proxy; its links vanish with it."""
        key = self._id(plan.prefix)
        blind = self._plan.unlinked_before(plan)
        left = {k: name for k, name in plan.serving.items() if k not in blind}
        try:
            self._delete(plan, key, tuple(left.values()))
        except AnswerError as error:
            # Whether links keep a virtual proxy from being deleted is not documented.
            if error.status != 400 or not left:
                raise
            for service_id, name in left.items():
                self.link(ServiceLinks(service_id, name, (), (plan.prefix,)))
            self._delete(plan, key, ())
        self._gone.add(key)

    def _delete(self, plan: Plan, key: str, restarted: t.Tuple[str, ...]) -> None:
        text = f"deleted the virtual proxy '{plan.prefix}'"
        with self._journal.step(Step(DELETE, plan.prefix, text, restarted)):
            self._qrs.delete(VIRTUAL_PROXY, key)

    def _id(self, prefix: str) -> str:
        present = self._plan.by_prefix[prefix].present
        return str((present or self._journal.entities[prefix])["id"])


def relinked(service: Entity, link: t.Sequence[str], unlink: t.Collection[str]) -> Entity:
    """The whole proxy service, serving the virtual proxies or no longer.

    The id alone is enough in the list (Qlik developer help, Virtual Proxy: Link); the other
    entries go back as they were read.
    """
    settings = dict(service["settings"])
    kept = [item for item in settings.get("virtualProxies") or [] if item["id"] not in unlink]
    there = {item["id"] for item in kept}
    settings["virtualProxies"] = kept + [{"id": key} for key in link if key not in there]
    return {**service, "settings": settings}


#: What is written beside virtual proxies themselves.
LINK, TAG = "link", "tag"


@dataclasses.dataclass
class VirtualProxyJournal(Journal):
    """``created`` are the ids of virtual proxies that this run created, by prefix."""

    created: t.Dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def half_made(self) -> t.List[str]:
        """The prefixes of those that were created here and that no proxy service serves yet."""
        linked = {prefix for each in self.steps for prefix in each.linked}
        return [prefix for prefix in self.created if prefix not in linked]

    @property
    def unknown(self) -> t.List[str]:
        """The prefixes of those that may have been created: the answer was lost."""
        done = {step.target for step in self.steps}
        return [key for kind, key in self.lost if kind == CREATE and (kind, key) not in done]

    def taken_back(self, prefix: str) -> None:
        """Forget that the virtual proxy was created: it was removed again."""
        del self.created[prefix]
        self.steps = [step for step in self.steps if step.target != (CREATE, prefix)]

    def left(self, plan: SitePlan) -> t.List[str]:
        """The prefixes of ``plan`` for which not everything was done."""
        done = {step.target for step in self.steps}
        unlinked = {
            prefix
            for change in plan.links
            if (LINK, change.service_id) not in done
            for prefix in (*change.link, *change.unlink)
        }
        return [
            each.prefix
            for each in plan.plans
            if each.changes
            and (_is_left(each.action, each.prefix, done) or each.prefix in unlinked)
        ]


def _is_left(action: str, prefix: str, done: t.Collection[t.Tuple[str, str]]) -> bool:
    return action != NONE and (action, prefix) not in done
