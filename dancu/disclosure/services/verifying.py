"""Comparing what agencies hold with the register, many people at once.

Nothing of the register is told but results: no value, no number, no name. Somebody outside the
contract's scope is answered like somebody who is not there, after the same work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial

from dancu.catalogue import attribute, catalogue
from dancu.disclosure.inquiries import Inquiry, Outcome, Question, Verdict
from dancu.disclosure.internal import agency_ledger, leads, trying
from dancu.disclosure.internal.agency_ledger import AgencyEntry
from dancu.disclosure.internal.comparing import (
    ON_THE_CARD,
    Register,
    address_keys,
    communes_said,
    differs,
)
from dancu.disclosure.internal.leads import Led
from dancu.disclosure.internal.ledger import Kind, digest
from dancu.disclosure.internal.people import REGISTER, SANDBOX, People
from dancu.disclosure.internal.trying import OVERTRIED, Trial
from dancu.kernel.clock import today
from dancu.kernel.compare import MATCH, MISMATCH, UNKNOWN, Compared, Result, close
from dancu.kernel.dates import InvalidDate, parse_iso
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population.verification_reading import Known, Status

YES, NO, UNSURE = "yes", "no", "unknown"
#: Candidates of one answer who get an access record.
_MOST_RECORDED = 20
_OF_QUESTION = {
    "is_alive": "life_status",
    "is_at_least": "birth_date",
    "lives_in": "permanent_residence",
}
_LIVING: Mapping[int, str] = {int(Status.ALIVE): YES, int(Status.DEAD): NO}
_NOBODY = Led()


@dataclass(slots=True)
class _Case:
    """One inquiry on its way; ``is_meant``: name and birth date speak for whom it led to."""

    place: int
    inquiry: Inquiry
    led: Led = _NOBODY
    register: Register | None = None
    is_meant: bool = False


def verify_people(
    asked: Sequence[Inquiry],
    *,
    at: datetime,
    within: Callable[[Sequence[Verdict | None]], None] | None = None,
) -> list[Verdict | None]:
    """Compare and answer in the order asked; ``None`` for what was refused already.

    At most four queries however many are asked and one that counts what was tried, then one write
    of all access records, on disk before this returns. Must not be called inside a transaction.
    ``within`` gets the verdicts in the transaction that records them; when it raises, nothing is
    recorded.
    """
    verdicts, entries = _compared(asked, at=at)
    agency_ledger.write(entries, at=at, within=partial(within, verdicts) if within else None)
    count_disclosed(one.purpose for one in asked if not one.refusal)
    return verdicts


def compared(
    asked: Sequence[Inquiry], *, at: datetime
) -> tuple[list[Verdict | None], list[AgencyEntry]]:
    """Return the verdicts about rows of a list, and their access records, to be on disk first.

    Where too many places were asked after, ``lives_in`` is not known; values that differ are not
    counted, for lists come again when they were mended.
    """
    verdicts, entries = _compared(asked, at=at, is_row=True)
    return [trying.unsure(one, UNSURE) for one in verdicts], entries


def _compared(
    asked: Sequence[Inquiry], *, at: datetime, is_row: bool = False
) -> tuple[list[Verdict | None], list[AgencyEntry]]:
    day = today(at)
    cases = [_Case(place, one) for place, one in enumerate(asked) if not one.refusal]
    for people, some in _by_register(cases):
        _lead(some, day, people)
        _read_on(some, day, people)
    numbers = agency_ledger.numbers.take(len(asked))
    verdicts: list[Verdict | None] = [None] * len(asked)
    entries = [
        _entry(numbers[place], one, refusal=one.refusal)
        for place, one in enumerate(asked)
        if one.refusal
    ]
    told = {case.place: _verdict(case, numbers[case.place], day) for case in cases}
    beyond = trying.beyond(_trials(cases, told, is_row=is_row), day=day)
    for case in cases:
        verdict = told[case.place]
        if case.place in beyond:
            verdict = replace(verdict, overtried=beyond[case.place])
        verdicts[case.place] = verdict
        entries.extend(_entries(case, verdict, is_row=is_row))
    return verdicts, entries


def count_disclosed(purposes: Iterable[str]) -> None:
    """Count answers by purpose, for the metrics."""
    for purpose, count in Counter(purposes).items():
        metrics.disclosures_total.labels("disclosed", purpose).inc(count)


# -- Reading ---------------------------------------------------------------------------------------


def _by_register(cases: Sequence[_Case]) -> list[tuple[People, list[_Case]]]:
    """Part the cases by where their people are read."""
    of_sandbox = [case for case in cases if case.inquiry.is_sandbox]
    if not of_sandbox:
        return [(REGISTER, list(cases))]
    real = [case for case in cases if not case.inquiry.is_sandbox]
    return [(REGISTER, real), (SANDBOX, of_sandbox)]


def _lead(cases: Sequence[_Case], day: date, people: People) -> None:
    """Find out whom the inquiries lead to: by numbers first, else by name and birth date."""
    ways = [leads.lead_of(case.inquiry.claims) for case in cases]
    pids = {number.text for way in ways for number in way.pids}
    old = {number.text for way in ways for number in way.old}
    hits = people.by_numbers(list(pids), list(old)) if pids or old else {}
    for case, way in zip(cases, ways, strict=True):
        case.led = leads.follow(case.inquiry, way, hits, day)
    lost = [case for case in cases if not case.led.people]
    wanted = [name for case in lost for name in leads.wanted_names(case.place, case.inquiry.claims)]
    if not wanted:
        return
    found = people.by_names(wanted)
    for case in lost:
        claims = case.inquiry.claims
        units = communes_said(claims.get("permanent_residence"), day)
        led = leads.choose(case.inquiry, found.get(case.place, ()), day, units)
        case.led = led if led.people or led.hidden else case.led


def _read_on(cases: Sequence[_Case], day: date, people: People) -> None:
    """Read what the claims need beyond the card, for all people together."""
    single = [case for case in cases if len(case.led.people) == 1]
    more = [case for case in single if not ON_THE_CARD.issuperset(case.inquiry.claims)]
    facts: Mapping[int, Mapping[int, object]] = {}
    if more:
        names = {name for case in more for name in case.inquiry.claims} - ON_THE_CARD
        ids = [case.led.people[0].person_id for case in more]
        facts = people.facts(ids, [attribute(name).number for name in names])
    keys: set[int] = set()
    for case in single:
        known = case.led.people[0]
        keys.update(_address_keys(known, facts.get(known.person_id, {}), case.inquiry.claims))
    addresses: Mapping[int, AddressValue] = people.addresses(keys) if keys else {}
    for case in single:
        known = case.led.people[0]
        case.register = Register(known, day, facts.get(known.person_id, {}), addresses)


def _address_keys(
    known: Known, facts: Mapping[int, object], claims: Mapping[str, object]
) -> list[int]:
    if not facts and "permanent_residence" not in claims:
        return []
    return address_keys(known, facts, claims)


# -- Answering -------------------------------------------------------------------------------------


def _verdict(case: _Case, number: int, day: date) -> Verdict:
    inquiry, led, register = case.inquiry, case.led, case.register
    if register is None:
        outcome = Outcome.SEVERAL_CANDIDATES if led.people else Outcome.NOT_FOUND
        nothing = dict.fromkeys(inquiry.claims, UNKNOWN)
        answers = {question.key: UNSURE for question in inquiry.questions}
        return Verdict(number, outcome, None, nothing, answers)
    results = {name: register.compare(name, said) for name, said in inquiry.claims.items()}
    case.is_meant = is_meant = _is_meant(results, register.known)
    if inquiry.claims.get("pid"):
        results["pid"] = _of_number(led, register.known, is_meant=is_meant)
    outcome = _outcome(led, inquiry.claims, results, is_meant=is_meant)
    successor = _has_successor(led) if outcome is Outcome.PID_CANCELLED else None
    answers = {
        question.key: _answer(question, register.known, day) if is_meant else UNSURE
        for question in inquiry.questions
    }
    return Verdict(number, outcome, successor, results, answers)


def _of_number(led: Led, known: Known, *, is_meant: bool) -> Compared:
    """Return how the PID that was said stands to the person whom the inquiry led to.

    That it is cancelled is told of whoever is meant only.
    """
    if led.by is None:
        return MISMATCH
    if led.is_old_number:
        return close("old_number") if led.by.reason == "old_number" else MISMATCH
    if led.by.text != known.pid and is_meant:
        return close("cancelled")
    return close(led.by.reason) if led.by.reason else MATCH


def _outcome(
    led: Led, claims: Mapping[str, object], results: Mapping[str, Compared], *, is_meant: bool
) -> Outcome:
    known = led.people[0]
    if led.by is None:
        return Outcome.ONE_CANDIDATE
    if not is_meant:
        # A number and an invented name tell nothing of a stranger's life or numbers.
        return Outcome.FACTS_DIFFER
    if led.is_cancelled or led.is_merged or known.status == Status.CANCELLED:
        return Outcome.PID_CANCELLED
    if known.status == Status.DEAD:
        return Outcome.DEAD
    return Outcome.FULL_MATCH if _is_full(claims, results) else Outcome.FACTS_DIFFER


def _is_full(claims: Mapping[str, object], results: Mapping[str, Compared]) -> bool:
    """Say whether everything agrees; what the register does not hold does not count against it.

    Name and birth date must be known to agree if they were sent at all, empty or not.
    """
    for name, one in results.items():
        if one is MATCH or one.is_same:
            continue
        if (
            one.result is not Result.UNKNOWN
            or name in _IDENTITY
            or (name == "pid" and claims[name])
        ):
            return False
    return True


def _is_meant(results: Mapping[str, Compared], known: Known) -> bool:
    """Say whether name and birth date, as far as they were said, speak for this person.

    Of somebody else, at whom a wrong number points, neither death nor a cancelled number is told,
    and no question is answered. A year of birth alone says nothing: it is in the number.
    """
    name, birth = results.get("full_name", UNKNOWN), results.get("birth_date", UNKNOWN)
    if MISMATCH.result in (name.result, birth.result):
        return False
    has_day = len(known.birth or "") > len("1944") and birth.reason != "year_only"
    return name.is_near or (birth.is_near and has_day)


_IDENTITY = frozenset({"full_name", "birth_date"})


def _has_successor(led: Led) -> bool:
    known = led.people[0]
    number = led.by.text if led.by else ""
    return known.status != Status.CANCELLED and known.pid not in (None, number)


def _answer(question: Question, known: Known, day: date) -> str:
    match question.name:
        case "is_alive":
            return _LIVING.get(known.status, UNSURE)
        case "is_at_least":
            return _is_at_least(question.argument, known, day)
        case "lives_in":
            return _lives_in(str(question.argument or ""), known, day)
        case _:
            return UNSURE


def _is_at_least(years: object, known: Known, day: date) -> str:
    try:
        wanted = int(str(years))
        least, most = parse_iso(known.birth or "").age_on(day)
    except (ValueError, InvalidDate):
        return UNSURE
    if least >= wanted:
        return YES
    return NO if most < wanted else UNSURE


def _lives_in(unit: str, known: Known, day: date) -> str:
    """Answer for permanent residence or a stay; unsure where a split leaves the commune open."""
    if places.unit(unit, day) is None:
        return UNSURE
    for commune in (known.commune, known.stay_commune):
        if commune and places.is_within(commune, frozenset({unit}), day):
            return YES
    return NO if known.commune else UNSURE


def _trials(cases: Sequence[_Case], told: Mapping[int, Verdict], *, is_row: bool) -> list[Trial]:
    found: list[Trial] = []
    for case in cases:
        if case.register is not None:
            person = case.register.known.person_id
            verdict = told[case.place]
            found += trying.trials(case.place, case.inquiry, verdict, person, is_row=is_row)
    return found


# -- Access records --------------------------------------------------------------------------------


def _entries(case: _Case, verdict: Verdict, *, is_row: bool) -> list[AgencyEntry]:
    led, inquiry = case.led, case.inquiry
    if not led.people:
        return [_entry(verdict.record, inquiry, refusal="not-found", person=led.hidden)]
    if inquiry.is_sandbox:
        return [_entry(verdict.record, inquiry)]
    if verdict.overtried and not is_row:
        known = led.people[0]
        return [_entry(verdict.record, inquiry, refusal=OVERTRIED, person=known.person_id)]
    differing = _differing(case, verdict)
    return [
        _entry(verdict.record, inquiry, person=known.person_id, differing=differing)
        for known in led.people[:_MOST_RECORDED]
    ]


def _differing(case: _Case, verdict: Verdict) -> tuple[str, ...]:
    """Return what differs of the person who was meant: of somebody else, nothing is noted."""
    if verdict.outcome is not Outcome.FACTS_DIFFER or not case.is_meant:
        return ()
    return tuple(name for name, one in verdict.attributes.items() if differs(one))


def _entry(
    number: int,
    inquiry: Inquiry,
    *,
    refusal: str = "",
    person: int | None = None,
    differing: tuple[str, ...] = (),
) -> AgencyEntry:
    return AgencyEntry(
        number=number,
        inquiry=inquiry,
        person_id=person,
        kind=Kind.VERIFY,
        attributes=seen(tuple(inquiry.claims), tuple(q.name for q in inquiry.questions), differing),
        refusal=refusal,
        asked=digest(_words(inquiry.claims)) if person is None else None,
    )


def _words(claims: Mapping[str, object]) -> str:
    """Return what identifies the person asked for in vain: the number, else name and birth date."""
    number = claims.get("pid") or claims.get("old_id_number")
    if number:
        return "".join(str(number).split())
    return f"{claims.get('full_name') or ''} {claims.get('birth_date') or ''}".strip()


@lru_cache(maxsize=4096)
def seen(
    claims: tuple[str, ...], questions: tuple[str, ...], differing: tuple[str, ...] = ()
) -> tuple[int, ...]:
    """Return the numbers of the attributes that were compared or derived from, in their order.

    Those that differ are negative, and thus first.
    """
    names = {*claims, *(_OF_QUESTION[name] for name in questions if name in _OF_QUESTION)}
    known = catalogue().by_name
    return tuple(
        sorted(
            -known[name].number if name in differing else known[name].number
            for name in names
            if name in known
        )
    )
