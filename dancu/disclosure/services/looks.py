"""Who looked at me, told together: an officer who opens five pages for one case looked once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.db.models import Case, Count, F, Func, IntegerField, Max, Min, Value, When
from django.db.models.functions import TruncDate

from dancu.access.types import Actor
from dancu.disclosure.internal.ledger import Kind
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.log import EVERY_LOOK, offices_of, own_looks, shown_row
from dancu.disclosure.types import AccessRow, LookGroup, LookGroups, LooksAsked
from dancu.kernel.clock import VIETNAM

GROUPS = 30
#: So many looks of a group are told one by one; behind the newest ones stands the whole list.
NEWEST = 20
_KEYS = ("day", "office", "role", "purpose", "case_number", "contract", "refused", "whose")


class _Newest(Func):
    """The first numbers of an aggregated array."""

    template = f"(%(expressions)s)[1:{NEWEST}]"


def looks_together(
    *,
    person_id: int,
    actor: Actor,
    at: datetime,
    window: int = 1,
    asked: LooksAsked = EVERY_LOOK,
) -> LookGroups:
    """Return who looked at the citizen, the newest first, with what belongs together in one group.

    A refusal never hides among looks that were answered. Raises as ``accesses_of`` does.
    """
    start = (max(window, 1) - 1) * GROUPS
    found = list(
        own_looks(person_id, actor, at, asked)
        .annotate(
            day=TruncDate("at", tzinfo=VIETNAM),
            refused=Case(When(refusal="", then=Value(0)), default=Value(1)),
            whose=Case(
                When(kind__in=(Kind.OWN, Kind.OWN_HOUSEHOLD), then=F("kind")),
                default=Value(0),
                output_field=IntegerField(),
            ),
        )
        .values(*_KEYS)
        .annotate(
            count=Count("id"),
            first=Min("at"),
            last=Max("at"),
            newest=_Newest(ArrayAgg("id", order_by=["-at", "-id"])),
            seen=JSONBAgg(
                Func(F("kind"), F("attributes"), function="jsonb_build_array"), distinct=True
            ),
        )
        .order_by("-last", "-newest")[start : start + GROUPS + 1]
    )
    shown = found[:GROUPS]
    offices = offices_of(group["office"] for group in shown)
    keys = [key for group in shown for key in group["newest"]]
    rows = {row.pk: shown_row(row, offices) for row in AccessRecord.objects.filter(pk__in=keys)}
    groups = tuple(_group(group, rows, offices) for group in shown)
    return LookGroups(groups, max(window, 1), len(found) > GROUPS)


def _group(
    group: dict[str, Any], rows: dict[int, AccessRow], offices: dict[str, tuple[str, str]]
) -> LookGroup:
    newest = tuple(rows[key] for key in group["newest"])
    by_kind: dict[int, set[int]] = {}
    for kind, numbers in group["seen"]:
        by_kind.setdefault(kind, set()).update(numbers or ())
    whole = (
        AccessRecord(
            at=group["last"],
            kind=kind,
            attributes=_united(kind, by_kind[kind]),
            office=group["office"],
            role=group["role"],
            purpose=group["purpose"],
            case_number=group["case_number"],
            contract=group["contract"],
            refusal=newest[0].refusal,
        )
        for kind in sorted(by_kind)
    )
    return LookGroup(
        newest=newest,
        by_kind=tuple(shown_row(row, offices) for row in whole),
        count=group["count"],
        first=group["first"],
        last=group["last"],
        office_code=group["office"],
    )


def _united(kind: int, numbers: Iterable[int]) -> list[int]:
    """Return what was seen by attribute: in full once is in full, differing once is differing."""
    known = set(numbers)
    stronger = 1 if kind != Kind.VERIFY else -1
    kept = (n for n in known if n * stronger > 0 or -n not in known)
    return sorted(kept, key=abs)
