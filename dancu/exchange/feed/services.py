"""Following people: who is followed, since when and for what; and no longer following them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.services import telling
from dancu.exchange.errors import ClauseRefused
from dancu.exchange.feed import collecting
from dancu.exchange.feed.errors import SubscriptionAbsent
from dancu.exchange.feed.gate import feed_of, require_feed
from dancu.exchange.feed.models import Subscription
from dancu.exchange.feed.types import Follow, Standing
from dancu.exchange.pace import pace
from dancu.exchange.services import verify_many
from dancu.exchange.services.inquiring import inquiry_of
from dancu.exchange.types import Answer, Caller, Outcome, Verification
from dancu.kernel.errors import DancuError

#: People in one request.
MOST_AT_ONCE = 1_000
#: Subscriptions on one page of the list.
WINDOW = 1_000


def follow(
    *, caller: Caller, purpose: str, people: Sequence[Follow], at: datetime, case: str = ""
) -> list[tuple[Answer | DancuError, str]]:
    """Verify people, and follow those of whom every fact agrees.

    Returns, in the order asked, the answer of the verification, or what refused it, and the key of
    the subscription, empty where there is none. Somebody who is followed already keeps the key and
    gets the new mark; for another purpose it is recorded as another following. It counts like
    verifications, and stands in the person's list of accesses. Raises ``ClauseRefused`` when
    nobody may be followed. Not to be called inside a transaction.
    """
    contract = caller.contract
    require_feed(contract, at)
    if contract.feed_people == "everyone":
        raise ClauseRefused(
            contract=contract.name,
            clause="feed.people",
            asked="subscription",
            remedy="Everybody of the contract's area is followed already: read the feed.",
        )
    pace.require(caller, at=at, records=len(people))
    asked = [
        Verification(caller, purpose, _with_pid(one), case=case, reference=one.reference)
        for one in people
    ]
    collecting.begin(at=at)
    since = collecting.read_up_to()
    keys: dict[int, str] = {}

    def subscribe(answers: Sequence[Answer | DancuError]) -> None:
        agreed = [
            place
            for place, answer in enumerate(answers)
            if isinstance(answer, Answer)
            and answer.outcome is Outcome.FULL_MATCH
            and asked[place].claims.get("pid")
        ]
        inquiries = [inquiry_of(asked[place], None) for place in agreed]
        found = telling.whom_to_follow(inquiries, at=at)
        whom = {
            place: (person, inquiry)
            for place, person, inquiry in zip(agreed, found, inquiries, strict=True)
            if person is not None
        }
        if whom:
            collecting.hold()
            known, made = _subscribe(caller, purpose, whom, people, at)
            keys.update({place: known[person] for place, (person, _) in whom.items()})
            collecting.catch_up(contract, made, since, at=at)

    told = verify_many(asked, at=at, mode="feed", within=subscribe)
    return [(answer, keys.get(place, "")) for place, answer in enumerate(told)]


def _with_pid(one: Follow) -> dict[str, object]:
    return {name: said for name, said in one.claims.items() if said}


def _subscribe(
    caller: Caller,
    purpose: str,
    whom: dict[int, tuple[int, Inquiry]],
    people: Sequence[Follow],
    at: datetime,
) -> tuple[dict[int, str], list[int]]:
    """Write the subscriptions that are not there yet.

    Returns the keys of all, by person, and the people who are followed from now on.
    """
    marks = {person: people[place].reference for place, (person, _) in whom.items()}
    standing = {
        row.person_id: row
        for row in Subscription.objects.filter(
            contract=feed_of(caller), person_id__in=list(marks), ended_at=None
        )
    }
    other = [person for person, row in standing.items() if row.purpose != purpose]
    for person, row in standing.items():
        if (row.reference, row.purpose) != (marks[person], purpose):
            Subscription.objects.filter(pk=row.pk).update(reference=marks[person], purpose=purpose)
    tried = _tried(caller, list(marks))
    made = Subscription.objects.bulk_create(
        Subscription(
            key=uuid4().hex,
            contract=feed_of(caller),
            person_id=person,
            purpose=purpose,
            reference=mark,
            client_id=caller.client_id,
            begun_at=at,
        )
        for person, mark in marks.items()
        if person not in standing
    )
    inquiries = dict(whom.values())
    begun = [*(row.person_id for row in made), *other]
    telling.record_followed([(person, inquiries[person]) for person in begun], at=at)
    if caller.contract.is_sandbox:
        for row in made:
            if row.person_id not in tried:
                collecting.write_sandbox(row, sorted(caller.contract.feed_events), at=at)
    keys = {row.person_id: row.key for row in (*standing.values(), *made)}
    return keys, [row.person_id for row in made]


def _tried(caller: Caller, people: Sequence[int]) -> set[int]:
    """Return whom the caller has followed before: in the sandbox they change once only."""
    before = Subscription.objects.filter(contract=feed_of(caller), person_id__in=people)
    return set(before.values_list("person_id", flat=True))


def unfollow(*, caller: Caller, keys: Iterable[str], at: datetime) -> int:
    """End subscriptions; return how many stood. What was not told yet is not told any more."""
    return Subscription.objects.filter(
        contract=feed_of(caller), key__in=list(keys), ended_at=None
    ).update(ended_at=at, ended_by="agency")


def unfollow_one(*, caller: Caller, key: str, at: datetime) -> None:
    """End one subscription. Raises ``SubscriptionAbsent``."""
    if not unfollow(caller=caller, keys=[key], at=at):
        raise SubscriptionAbsent


def list_followed(*, caller: Caller, after: str = "") -> tuple[list[Standing], bool]:
    """Return the subscriptions that stand, oldest first, behind one; and whether there are more.

    Raises ``SubscriptionAbsent`` when there never was the one named.
    """
    own = Subscription.objects.filter(contract=feed_of(caller))
    start = 0
    if after:
        found = own.filter(key=after).values_list("pk", flat=True).first()
        if found is None:
            raise SubscriptionAbsent
        start = found
    rows = list(own.filter(ended_at=None, pk__gt=start).order_by("pk")[: WINDOW + 1])
    shown = [Standing(r.key, r.purpose, r.reference, r.begun_at) for r in rows[:WINDOW]]
    return shown, len(rows) > WINDOW
