"""Which claim holds: the rules of survivorship as plain functions of a person's claims.

Two times are kept apart. Valid time: a claim says something from ``day`` on. Recorded time: we
learnt it at ``recorded_at`` and may have withdrawn it at ``annulled_at``. Every question about the
past is a fold over the claims: what was true on a day, as far as we knew at a moment. The door in
does the same for today, set by set, in SQL (``internal/sql/arbitrate.sql``); a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dancu.catalogue.types import Rule
from dancu.population.types import Claim

Strength = tuple[int | date, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A value that held from ``start`` until ``end`` (half-open; ``None`` until now).

    ``claim`` is the one that began it, ``confirmations`` those that said the same after it.
    """

    start: date
    end: date | None
    claim: Claim
    confirmations: tuple[Claim, ...] = ()


def strength(claim: Claim, rule: Rule) -> Strength:
    """Return what is compared between two claims about one attribute; the larger one wins."""
    if rule == "once":
        return (claim.rank, claim.statement_id)
    if rule == "authority":
        return (claim.rank, claim.day, claim.statement_id)
    return (claim.day, claim.rank, claim.statement_id)


def known(claims: Iterable[Claim], known_at: datetime | None) -> list[Claim]:
    """Return the claims held at a moment (``None``: now), withdrawn ones left out."""
    if known_at is None:
        return [c for c in claims if c.annulled_at is None]
    return [
        c
        for c in claims
        if c.recorded_at <= known_at and (c.annulled_at is None or c.annulled_at > known_at)
    ]


def winner(
    claims: Iterable[Claim],
    rule: Rule,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Claim | None:
    """Return the claim that holds on a day as far as was known at a moment, or ``None``.

    A fact that cannot change (rule ``once``) holds from its own beginning, whatever the day on
    which it was stated.
    """
    candidates = [
        c
        for c in known(claims, known_at)
        if c.rank > 0 and (as_of is None or rule == "once" or c.day <= as_of)
    ]
    return max(candidates, key=lambda c: strength(c, rule), default=None)


def history(claims: Sequence[Claim], rule: Rule, *, known_at: datetime | None = None) -> list[Span]:
    """Return the spans of time in which each value held, oldest first."""
    held = [c for c in known(claims, known_at) if c.rank > 0]
    if rule == "once":
        last = winner(held, rule)
        if last is None:
            return []
        same = sorted((c for c in held if c.value == last.value), key=lambda c: c.statement_id)
        return [Span(min(c.day for c in same), None, same[0], tuple(same[1:]))]
    spans: list[Span] = []
    for day in sorted({c.day for c in held}):
        best = winner(held, rule, as_of=day)
        if best is None:
            continue
        if not spans or spans[-1].claim.value != best.value:
            if spans:
                spans[-1] = _closed(spans[-1], day)
            spans.append(Span(day, None, best))
        elif best.statement_id != spans[-1].claim.statement_id:
            spans[-1] = _confirmed(spans[-1], best)
    return spans


def _closed(span: Span, end: date) -> Span:
    return Span(span.start, end, span.claim, span.confirmations)


def _confirmed(span: Span, claim: Claim) -> Span:
    return Span(span.start, span.end, span.claim, (*span.confirmations, claim))


def rivals(claims: Sequence[Claim], rule: Rule, *, known_at: datetime | None = None) -> list[Claim]:
    """Return the claims that say something else than the winner and that time does not explain.

    For each source only its strongest word counts.
    """
    held = known(claims, known_at)
    best = winner(held, rule)
    latest: dict[int, Claim] = {}
    for claim in sorted(held, key=lambda c: strength(c, rule)):
        latest[claim.source_id] = claim
    return [
        claim
        for claim in latest.values()
        if (best is None or claim.value != best.value)
        and (best is None or rule == "once" or claim.day >= best.day)
    ]
