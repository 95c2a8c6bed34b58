"""Addresses that a split left open: their ward says where they lie, or takes that back.

As for a decision, nothing is stated about anybody: the addresses go to their unit, and the communes
on index cards follow in the same transaction (docs/decisions/0024, 0030).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.policy import has_jurisdiction
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.kernel.clock import today
from dancu.places import queries, settling
from dancu.places.errors import AlreadySettled, SettlingUnknown, UnclearChanged
from dancu.places.settling import Settled, StreetRule
from dancu.population import unclear
from dancu.population.internal.stillness import hold_still
from dancu.population.services import gate
from dancu.population.services.records import wrong
from dancu.population.services.restructuring import align_cards
from dancu.population.unclear import StreetKey

SETTLE = "conflict.settle"


@transaction.atomic
def settle_addresses(
    *, address_ids: Collection[int], unit_code: str, reason: str, actor: Actor, at: datetime
) -> Settled:
    """Say to which unit unclear addresses of the actor's area went.

    All of them or none. Raises ``AlreadySettled`` where nothing of the actor's area is open,
    ``NotACandidate``, and ``Invalid`` without a reason.
    """
    gate.require(actor, SETTLE)
    words = _said(reason)
    _require_theirs(address_ids, actor, at)
    hold_still()
    done = settling.settle(
        address_ids=address_ids,
        unit_code=unit_code,
        reason=words,
        at=at,
        today=today(at),
        by=actor.account_id,
    )
    return _carried(done, actor, at)


@transaction.atomic
def settle_street(
    *,
    street: StreetKey,
    rule: StreetRule,
    unit_code: str,
    reason: str,
    expected: str,
    actor: Actor,
    at: datetime,
) -> Settled:
    """Say of all unclear addresses of a street that a rule means to which unit they went.

    ``expected`` is the digest of what the officer saw the rule mean; when it means something else
    by now, nothing is done. Raises ``UnclearChanged``, and what ``settle_addresses`` raises.
    """
    gate.require(actor, SETTLE)
    words = _said(reason)
    hold_still()
    area = queries.units_under(actor.jurisdictions, today(at))
    found = unclear.unclear_street(area, street)
    rows = unclear.unclear_by_rule(area, found, rule) if found else []
    if not rows:
        raise AlreadySettled
    if unclear.digest_of(rows) != expected:
        raise UnclearChanged
    numbers = [row.address.id for row in rows]
    _require_theirs(numbers, actor, at)
    done = settling.settle(
        address_ids=numbers,
        unit_code=unit_code,
        reason=words,
        street=found.name if found else "",
        rule=rule,
        at=at,
        today=today(at),
        by=actor.account_id,
    )
    return _carried(done, actor, at)


@transaction.atomic
def undo_settling(*, key: int, actor: Actor, at: datetime) -> Settled:
    """Leave open again what one act settled, until it has been in force for a day.

    Raises ``SettlingUnknown``, for one of another ward too, and ``SettlingInForce``.
    """
    gate.require(actor, SETTLE)
    known = settling.settling(key)
    if known is None:
        raise SettlingUnknown
    if not _are_theirs(known.communes, actor, at):
        raise SettlingUnknown
    hold_still()
    undone = settling.undo_settling(key=key, at=at, today=today(at), by=actor.account_id)
    align_cards({undone.unit_code, *undone.communes})
    _note("map.settling-undone", undone, actor, at)
    return undone


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise wrong(
            "reason",
            "reason-missing",
            _("Say how you know where the addresses lie."),
            _("Name the paper or the visit that decides it."),
        )
    return words


def _require_theirs(address_ids: Collection[int], actor: Actor, at: datetime) -> None:
    found = queries.addresses(address_ids)
    if not found or found.keys() != set(address_ids):
        raise AlreadySettled
    if not _are_theirs({address.unit_now for address in found.values()}, actor, at):
        raise AlreadySettled


def _are_theirs(communes: Collection[str], actor: Actor, at: datetime) -> bool:
    """Say whether all lie in the actor's area; what does not is answered as if it were not there.

    An address is numbered by its content: another answer would tell whether anybody lives there.
    """
    return all(
        has_jurisdiction(
            actor, [code], is_within=lambda one, areas: queries.is_within(one, areas, today(at))
        )
        for code in communes
    )


def _carried(done: Settled, actor: Actor, at: datetime) -> Settled:
    align_cards(set(done.communes))
    _note("map.settled", done, actor, at)
    return done


def _note(event: str, done: Settled, actor: Actor, at: datetime) -> None:
    detail = {
        "settling": done.key,
        "unit": done.unit_code,
        "addresses": done.addresses,
        "reason": done.reason,
        "takes_effect": done.takes_effect.isoformat(),
    }
    if done.street:
        rule = done.rule
        detail |= {"street": done.street, "side": rule.side, "from": rule.low, "to": rule.high}
    record(event=event, actor=actor, at=at, detail=detail)
