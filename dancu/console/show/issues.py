"""What was wrong with somebody's data: opened, handled and closed, as a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.quality import QualityRule
from dancu.console.show.facts import account_words, fact_href
from dancu.console.show.ward import severity_badge
from dancu.console.words import day_words, evidence_words, moment_words
from dancu.design.values import Badge, Event
from dancu.disclosure.types import Origin, PersonPage
from dancu.kernel.clock import today
from dancu.quality.models import ClosedIssue, Handling
from dancu.quality.queries import Past

CAUSES: Mapping[int, str | Promise] = {
    ClosedIssue.Cause.MENDED: gettext_lazy("mended by a newer statement"),
    ClosedIssue.Cause.WITHDRAWN: gettext_lazy("a claim was withdrawn as wrong"),
    ClosedIssue.Cause.SUBJECT_LEFT: gettext_lazy("the record was merged or cancelled"),
    ClosedIssue.Cause.RULE_ENDED: gettext_lazy("the rule is not in force any more"),
    ClosedIssue.Cause.RULE_CHANGED: gettext_lazy("the rule means something else now"),
    ClosedIssue.Cause.AROUND: gettext_lazy("a relative, the household, the map or the day changed"),
}
_ACTS: Mapping[int, str | Promise] = {
    Handling.Act.SETTLED: gettext_lazy("Settled: %(rule)s"),
    Handling.Act.PASSED_ON: gettext_lazy("Passed on: %(rule)s"),
    Handling.Act.HANDED_BACK: gettext_lazy("Handed back: %(rule)s"),
    Handling.Act.KEPT: gettext_lazy("Entered all the same: %(rule)s"),
}
Dated = tuple[date, Event]


def history_of(
    page: PersonPage,
    rules: Mapping[int, QualityRule],
    *,
    opened: Sequence[tuple[int, date]],
    past: Sequence[Past],
    handled: Sequence[Handling],
    language: str,
) -> list[Event]:
    """Return the issues of a person by some rules, and what was done about them, newest first."""
    origins = _origins(page)
    person = page.header.person_id
    # A fact that lacks has no page of its own yet.
    hrefs = {name: fact_href(person, name) for name in (*page.facts, *page.history)}
    events = [_open(rules[n], day, hrefs, language) for n, day in opened if n in rules]
    events += [
        _closed(one, rules[one.rule], origins, hrefs, language) for one in past if one.rule in rules
    ]
    acts = [one for one in handled if one.rule in rules]
    who = account_words({one.account_id or 0 for one in acts})
    events += [_handled(one, rules[one.rule], who, language) for one in acts]
    return [event for _day, event in sorted(events, key=lambda one: one[0], reverse=True)]


def _origins(page: PersonPage) -> dict[int, Origin]:
    spans = [span for spans in page.history.values() for span in spans]
    origins = [origin for span in spans for origin in (span.origin, *span.confirmations)]
    return {origin.statement_id: origin for origin in origins}


def _open(rule: QualityRule, day: date, hrefs: Mapping[str, str], language: str) -> Dated:
    return day, Event(
        when=day_words(day),
        title=_("Open: %(rule)s") % {"rule": rule.label(language)},
        detail=rule.to_do(language),
        iso=day.isoformat(),
        href=hrefs.get(rule.attribute, ""),
        tone="warning",
        icon="warning",
        badges=[severity_badge(rule)],
    )


def _closed(
    one: Past,
    rule: QualityRule,
    origins: Mapping[int, Origin],
    hrefs: Mapping[str, str],
    language: str,
) -> Dated:
    origin = origins.get(one.statement or 0)
    words = [
        str(CAUSES[one.cause]),
        _("open since %(day)s") % {"day": day_words(one.opened_on)},
    ]
    if origin:
        words.append(evidence_words(origin.evidence_kind, origin.evidence))
    return one.closed_on, Event(
        when=day_words(one.closed_on),
        title=_("Closed: %(rule)s") % {"rule": rule.label(language)},
        detail=" · ".join(words),
        iso=one.closed_on.isoformat(),
        source=origin.source_label(language) if origin else "",
        href=hrefs.get(rule.attribute, ""),
        tone="success",
        icon="check",
        badges=[Badge(_("closed"), "success")],
    )


def _handled(one: Handling, rule: QualityRule, who: Mapping[int, str], language: str) -> Dated:
    words = [who.get(one.account_id or 0, ""), one.reason]
    if one.act == Handling.Act.HANDED_BACK and one.account_id is None:
        words.append(_("the office does not serve where the person lives now"))
    if one.passed_to:
        words.append(_("to %(office)s") % {"office": one.passed_to})
    return today(one.at), Event(
        when=moment_words(one.at),
        title=str(_ACTS[one.act]) % {"rule": rule.label(language)},
        detail=" · ".join(word for word in words if word),
        iso=today(one.at).isoformat(),
        tone="info",
        icon="flag",
    )
