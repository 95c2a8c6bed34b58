"""Conflicts between sources: both words side by side, and which is likelier right and why."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.agencies.queries import source_kinds
from dancu.catalogue import source_kinds as kind_labels
from dancu.catalogue.quality import quality
from dancu.catalogue.types import Attribute
from dancu.console.words import day_words, evidence_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty
from dancu.disclosure.types import Conflict, Origin
from dancu.disclosure.waiting import ConflictLine, ConflictList, Said
from dancu.quality.recommending import Reason, Recommendation, Word, recommend
from dancu.quality.settling import Effect


def conflicts_table(found: ConflictList, *, language: str) -> Table:
    """Return the open conflicts, the newest first; each leads to where it is settled."""
    rows = [_line(one, language) for one in found.rows]
    empty = Empty(
        _("No sources disagree"),
        _(
            "When a source says something else than the register about somebody of your area, it "
            "appears here."
        ),
        icon="check-circle",
    )
    columns = [
        Column(_("Full name"), heading=True),
        Column(_("Fact")),
        Column(_("The register holds the word of")),
        Column(_("Who says otherwise")),
        Column(_("Likelier right")),
    ]
    return Table(_("Open conflicts"), columns, rows, empty=empty, key="conflicts")


def _line(one: ConflictLine, language: str) -> Row:
    href = reverse("console:conflict", args=[one.person_id, one.attribute, one.statement_id])
    advice = recommend(one.entry, _word(one.against), _word(one.said)) if one.against else None
    since = _("open since %(moment)s") % {"moment": moment_words(one.opened_at)}
    return Row(
        [
            Cell(one.name or "—", href, detail=one.pid),
            Cell(one.label(language), detail=since),
            _side(one.against, language) if one.against else "—",
            _side(one.said, language),
            Cell(badges=[side_badge(advice)]) if advice else "—",
        ]
    )


def _word(said: Said) -> Word:
    return Word(said.kind, said.day, said.paper)


def _side(said: Said, language: str) -> Cell:
    since = _("since %(day)s") % {"day": day_words(said.day)}
    paper = evidence_words(said.paper)
    return Cell(said.source_label(language), detail=f"{since} · {paper}")


def side_badge(advice: Recommendation) -> Badge:
    """Return which side is likelier right."""
    if advice.side == "ours":
        return Badge(_("the register"), "success", "check")
    return Badge(_("the other source"), "warning", "conflict")


def advice_on(attr: Attribute, one: Conflict, effect: Effect | None) -> Recommendation | None:
    """Return which side of a conflict is likelier right; ``effect``: taking the other was tried."""
    if one.origin is None or one.against is None:
        return None
    kinds = source_kinds([one.origin.source, one.against.source])
    return recommend(attr, _of(one.against, kinds), _of(one.origin, kinds), effect)


def _of(origin: Origin, kinds: dict[str, str]) -> Word:
    return Word(kinds.get(origin.source, ""), origin.since, origin.evidence_kind)


def reasons_of(advice: Recommendation, attr: Attribute, language: str) -> list[str]:
    """Return what was weighed, in sentences, the decisive first."""
    return [_sentence(one, attr, language) for one in advice.reasons] or [
        _("Nothing tells the two words apart; ask for a paper.")
    ]


def _sentence(one: Reason, attr: Attribute, language: str) -> str:
    known = quality().by_number
    rules = "; ".join(known[rule].label(language) for rule in one.rules if rule in known)
    kind = kind_labels()[attr.authority].label(language)
    is_ours = one.side == "ours"
    match one.point:
        case "keeps":
            return _("The other value would open an issue: %(rules)s.") % {"rules": rules}
        case "mends":
            return _("The other value closes an issue of the held one: %(rules)s.") % {
                "rules": rules
            }
        case "authority":
            words = (
                _("The held word is of the stronger source; %(kind)s decides this fact.")
                if is_ours
                else _("The other word is of the stronger source; %(kind)s decides this fact.")
            )
            return words % {"kind": kind}
        case "later":
            return (
                _("The held word is of a later day.")
                if is_ours
                else _("The other word is of a later day.")
            )
        case _:
            return (
                _("The held word rests on a stronger paper.")
                if is_ours
                else _("The other word rests on a stronger paper.")
            )
