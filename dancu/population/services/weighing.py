"""Whether a claim would win before it is entered, and entering claims that must win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.catalogue.queries import attribute, source_kinds
from dancu.catalogue.types import Attribute
from dancu.kernel.dates import format_vietnamese
from dancu.kernel.errors import Invalid
from dancu.places.addresses import address_id
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.errors import NotTheAuthority
from dancu.population.internal.golden import Held
from dancu.population.internal.recompute import refresh_disputes
from dancu.population.models import Conflict
from dancu.population.services.records import Record, wrong
from dancu.population.types import AddressValue, Entered, Evidence, NewStatement
from dancu.population.validation import canonical_claims


@dataclass(frozen=True, slots=True)
class Change:
    """New facts about a known person, which must become golden."""

    record: Record
    claims: Mapping[str, object]
    day: date
    evidence: Evidence
    event_id: int | None = None


def enter_changes(changes: Iterable[Change], *, actor: Actor, at: datetime) -> list[Entered]:
    """Enter facts that must win; all of them or none.

    Raises ``NotTheAuthority`` or, when a later day is already known, ``Invalid`` naming ``day``.
    """
    todo = [change for change in changes if change.claims]
    for change in todo:
        require_effective(change, source=actor.source)
    return enter(
        statements=[
            NewStatement(c.record.id, c.day, c.evidence, c.claims, c.event_id) for c in todo
        ],
        actor=actor,
        at=at,
    )


def settle_displaced(
    change: Change, entered: Entered, *, reason: str, actor: Actor, at: datetime
) -> None:
    """Close the conflicts with what an officer has knowingly replaced: they have been decided."""
    displaced = Conflict.objects.filter(
        person_id=change.record.id,
        against_id=entered.statement_id,
        attribute__in=[attribute(name).number for name in change.claims],
        settled_at=None,
    )
    closed = displaced.update(
        settled_at=at,
        settled_by=actor.account_id or 0,
        outcome=Conflict.Outcome.DISMISSED,
        reason=reason.strip(),
    )
    if closed:
        refresh_disputes([change.record.id])


def require_effective(change: Change, *, source: str) -> None:
    """Raise unless every claim would become the golden fact."""
    kind = dictionary.source(source).kind
    for name in change.claims:
        attr = attribute(name)
        held = change.record.held.get(name)
        if would_win(attr, kind=kind, day=change.day, held=held):
            continue
        if held is None or attr.rank(kind) < dictionary.rank(attr, held.source_id):
            raise not_the_authority(attr, held)
        raise wrong(
            "day",
            "later-known",
            _("The register already holds a later value of %(attribute)s, valid from %(day)s."),
            _("Enter a day that is not before it, or have the later value withdrawn first."),
            attribute=attr.label(get_language() or "vi"),
            day=format_vietnamese(held.day),
        )


def would_win(attr: Attribute, *, kind: str, day: date, held: Held | None) -> bool:
    """Say whether a claim of a kind of source, valid from a day, would beat what is held.

    The same comparison as the door's: the later claim wins among equals.
    """
    rank = attr.rank(kind)
    if rank == 0:
        return False
    if held is None:
        return True
    held_rank = dictionary.rank(attr, held.source_id)
    if attr.rule == "once":
        return rank >= held_rank
    if attr.rule == "authority":
        return (rank, day) >= (held_rank, held.day)
    return (day, rank) >= (held.day, held_rank)


def not_the_authority(attr: Attribute, held: Held | None = None) -> NotTheAuthority:
    """Return the refusal that names whose word on the attribute counts."""
    language = get_language() or "vi"
    known = dictionary.sources_by_id().get(held.source_id) if held else None
    kind = known.kind if known else attr.authority
    return NotTheAuthority(
        attribute=attr.label(language), authority=source_kinds()[kind].label(language)
    )


def stored_form(claims: Mapping[str, object], day: date) -> dict[str, object]:
    """Return the values as they would be stored. Raises ``Invalid`` with every wrong field."""
    stored, errors = canonical_claims(claims, day)
    if errors:
        raise Invalid(errors)
    return {attribute(key).name: _place(value) for key, value in stored.items()}


def _place(value: object) -> object:
    if isinstance(value, AddressValue):
        return address_id(value.text, value.unit_code, value.code_date)
    return value


def changed_only(record: Record, claims: Mapping[str, object], day: date) -> dict[str, object]:
    """Return the claims whose value differs from what is held."""
    stored = stored_form(claims, day)
    return {
        name: value
        for name, value in claims.items()
        if name not in record.held or record.held[name].value != stored[name]
    }
