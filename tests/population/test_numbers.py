"""Numbers: right digits, never twice, found when the range is nearly full, kept for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dancu.kernel.errors import Invalid
from dancu.kernel.pid import Pid
from dancu.population import dictionary, numbers
from dancu.population.claims import enter
from dancu.population.errors import NotTheAuthority, PersonNotAlive, PidsExhausted
from dancu.population.models import Person, Statement
from dancu.population.models import Pid as PidRow
from dancu.population.services import (
    DeathDeclaration,
    ReissueReason,
    issue_pid,
    register_death,
    reissue_pid,
)
from dancu.population.services.errors import HasPid, PidFactsMissing, PidJustChanged, PidRight
from dancu.population.types import NewStatement
from tests.population.conftest import pid_for
from tests.population.services_cast import (
    AT,
    HOME,
    MORE_SOURCES,
    PAPER,
    PROVINCE,
    REGISTRAR,
    SINCE,
    TODAY,
    a_person,
    fact,
    footprint,
    officer,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")


@pytest.fixture(autouse=True)
def _more_sources(sources: object) -> None:
    dictionary.sync_sources(MORE_SOURCES)


def fill(prefix: str, *, but: set[int] = frozenset()) -> int:
    """Take all numbers of a range but a few."""
    person = a_person("Người Giữ Số", "F", "1999-01-02")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO population_pid (pid, person_id, valid_from, cancelled_on, cancel_reason)
            SELECT %s || lpad(n::text, 6, '0'), %s, '2020-01-01', '2020-01-02', 'test'
            FROM generate_series(0, %s) n WHERE n <> ALL (%s)
            """,
            [prefix, person, numbers.SERIALS - 1, list(but)],
        )
    return person


@pytest.fixture
def short_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand numbers to a province, sex and year instead of a million: quicker to fill."""
    monkeypatch.setattr(numbers, "SERIALS", 1000)


def nobody(**more: object) -> int:
    """A person without a number."""
    claims: dict[str, object] = {
        "full_name": "Trần Văn Không Số",
        "sex": "M",
        "birth_date": "1999-03-04",
        "birth_registration_place": HOME,
        "permanent_residence": HOME,
        "life_status": "SONG",
    }
    (entered,) = enter(
        statements=[NewStatement(None, SINCE, PAPER, {**claims, **more})], actor=PROVINCE, at=AT
    )
    return entered.person_id


def test_the_digits_say_province_sex_and_century():
    pid = numbers.reserve_pid(province="001", sex="F", birth_year=2026)
    assert pid[:6] == "001326"
    assert numbers.reserve_pid(province="079", sex="M", birth_year=1999)[:6] == "079099"


@pytest.mark.parametrize(
    ("unit", "day", "code"),
    [
        ("26740", date(2025, 7, 1), "079"),
        ("00004", date(2024, 1, 1), "001"),
        ("74", date(2025, 6, 30), "074"),
        ("79", date(2026, 1, 1), "079"),
    ],
)
def test_the_province_follows_the_map_of_the_day(unit: str, day: date, code: str):
    assert numbers.province_of(unit, day).code == code


def test_a_unit_that_never_was_has_no_digits():
    with pytest.raises(Invalid) as caught:
        numbers.province_of("99999", TODAY)
    assert caught.value.field_errors[0].code == "unit-unknown"


def test_the_last_gaps_of_a_range_are_found_and_then_it_is_exhausted(short_range: None):
    fill("079326", but={17, 941})
    first = numbers.reserve_pid(province="079", sex="F", birth_year=2026)
    assert first.serial in {"000017", "000941"}
    person = a_person("Người Mới Đến", "F", "2026-01-02", pid=first, day=TODAY)
    second = numbers.reserve_pid(province="079", sex="F", birth_year=2026)
    assert {first.serial, second.serial} == {"000017", "000941"}
    a_person("Người Mới Nữa", "F", "2026-01-03", pid=second, day=TODAY)
    with pytest.raises(PidsExhausted):
        numbers.reserve_pid(province="079", sex="F", birth_year=2026)
    assert pid_of(person) == first


def test_another_code_of_the_same_province_follows_an_exhausted_one(short_range: None):
    fill("079326")
    place = numbers.province_of("26740", TODAY)
    pid = numbers.reserve_pid_of(place=place, sex="F", birth_year=2026)
    assert pid.province in place.also


def test_a_person_without_a_number_gets_one():
    person = nobody()
    pid = issue_pid(person_id=person, evidence=PAPER, actor=PROVINCE, at=AT)
    assert (pid.province, pid.sex, pid.birth_year) == ("079", "M", 1999)
    assert pid_of(person) == fact(person, "pid") == pid
    with pytest.raises(HasPid):
        issue_pid(person_id=person, evidence=PAPER, actor=PROVINCE, at=AT)


def test_no_number_without_a_date_of_birth():
    person = nobody(birth_date=None)
    before = footprint()
    with pytest.raises(PidFactsMissing):
        issue_pid(person_id=person, evidence=PAPER, actor=PROVINCE, at=AT)
    assert footprint() == before


def test_a_wrong_number_is_cancelled_kept_and_followed_by_another():
    old = pid_for("F", 1990)
    person = a_person("Lê Văn Nhầm", "F", "1990-01-02", pid=old)
    new = reissue_pid(
        person_id=person,
        reason=ReissueReason.WRONG_SEX,
        corrected={"sex": "M"},
        evidence=PAPER,
        actor=PROVINCE,
        at=AT,
    )
    assert (new.sex, new.birth_year, new.province) == ("M", 1990, "079")
    row = PidRow.objects.get(pid=old)
    assert (row.person_id, row.cancelled_on, row.cancel_reason) == (person, TODAY, "wrong_sex")
    assert pid_of(person) == new
    assert fact(person, "sex") == "M"


def test_a_right_number_is_not_reissued_for_its_digits():
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    before = footprint()
    with pytest.raises(PidRight):
        reissue_pid(person_id=person, reason="wrong_sex", evidence=PAPER, actor=PROVINCE, at=AT)
    assert footprint() == before


def other(person, words, at=AT):
    return reissue_pid(
        person_id=person, reason="other", explanation=words, evidence=PAPER, actor=PROVINCE, at=at
    )


@pytest.mark.parametrize("words", ["", "  ", "không rõ", "x" * 200, "x y z " * 60])
def test_another_reason_is_put_into_words(words):
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    before = footprint()
    with pytest.raises(Invalid) as wrong:
        other(person, words)
    assert [error.field for error in wrong.value.field_errors] == ["explanation"]
    assert footprint() == before


def test_the_words_are_kept_with_the_evidence():
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    pid = other(person, "Số bị   lộ, bị dùng trái phép")
    statement = Statement.objects.filter(person_id=person).latest("id")
    assert statement.evidence == f"{PAPER.reference} · Số bị lộ, bị dùng trái phép"
    assert pid_of(person) == pid


def test_nobody_gets_a_second_number_on_one_day_unless_its_digits_are_wrong():
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    other(person, "Số bị lộ, bị dùng trái phép")
    before = footprint()
    with pytest.raises(PidJustChanged):
        other(person, "Số lại bị lộ lần nữa")
    with pytest.raises(PidJustChanged):
        reissue_pid(person_id=person, reason="duplicate", evidence=PAPER, actor=PROVINCE, at=AT)
    assert footprint() == before
    right = reissue_pid(
        person_id=person,
        reason="wrong_sex",
        corrected={"sex": "M"},
        evidence=PAPER,
        actor=PROVINCE,
        at=AT,
    )
    assert pid_of(person) == right
    assert other(person, "Số bị lộ sau khi cấp", AT + timedelta(days=1)) == pid_of(person)


def test_the_registry_does_not_reissue_numbers_that_police_gave():
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    registry = officer("province_officer", source="HT-26740")
    before = footprint()
    with pytest.raises(NotTheAuthority):
        reissue_pid(person_id=person, reason="duplicate", evidence=PAPER, actor=registry, at=AT)
    assert footprint() == before


def test_the_dead_get_no_number():
    person = nobody()
    register_death(declaration=DeathDeclaration(person, TODAY), actor=REGISTRAR, at=AT)
    with pytest.raises(PersonNotAlive):
        issue_pid(person_id=person, evidence=PAPER, actor=PROVINCE, at=AT)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM population_pid",
        "UPDATE population_pid SET pid = '001199000016'",
        "UPDATE population_pid SET cancelled_on = NULL WHERE cancelled_on IS NOT NULL",
        "DELETE FROM population_statement",
        "UPDATE population_statement SET claims = '{}'",
    ],
)
def test_the_database_itself_keeps_numbers_and_statements(sql: str):
    person = a_person("Lê Thị Đúng", "F", "1990-01-02")
    reissue_pid(person_id=person, reason="duplicate", evidence=PAPER, actor=PROVINCE, at=AT)
    before = footprint()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert footprint() == before


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_get_different_numbers_even_in_the_last_gaps(short_range: None):
    free = set(range(500, 512))
    fill("079299", but=free)
    people = [nobody() for _ in free]

    def give(person: int) -> str:
        try:
            with transaction.atomic():
                pid = numbers.reserve_pid(province="079", sex="M", birth_year=2099)
                enter(
                    statements=[NewStatement(person, TODAY, PAPER, {"pid": pid})],
                    actor=PROVINCE,
                    at=AT,
                )
            return str(pid)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(give, people))
    assert {int(Pid(pid).serial) for pid in given} == free
    assert Person.objects.filter(pid__in=given).count() == len(free)
    assert Statement.objects.filter(person_id__in=people).count() == 2 * len(free)
