"""Campaigns from opening to closing: who is on the lists, what visits say, who may."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from dancu.access.errors import ActionNotAllowed, OutsideJurisdiction
from dancu.access.types import Actor
from dancu.audit.models import Event
from dancu.cli import rounds as command
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population.checks import card_disagreements
from dancu.population.models import Person, Statement
from dancu.population.types import AddressValue
from dancu.rounds import drawing, queries, services
from dancu.rounds.errors import CampaignClosed, CampaignNotRunning, CampaignRuns, StopChanged
from dancu.rounds.models import Area, Campaign, Stop, Subject, Visit
from dancu.rounds.queries import Place
from dancu.rounds.types import STOP_STATES, Drawn
from tests.console.cast import HERE, MAP, THERE, a_person, prepare, say

AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
TODAY, SAID = date(2026, 11, 3), date(2026, 11, 2)
LATER = AT + timedelta(days=1)
WARD = "Phường Sài Gòn, Thành phố Hồ Chí Minh"


def at(text: str, ward: str = HERE, day: date = MAP) -> AddressValue:
    return AddressValue(f"{text}, {WARD}", ward, day)


def officer(source: str = "CA-26740", role: str = "ward_officer", *areas: str) -> Actor:
    return Actor(
        kind="officer",
        name="Cán bộ",
        account_id=1,
        officer_id=1,
        office_code=source,
        source=source,
        roles=frozenset({role}),
        jurisdictions=frozenset(areas or {HERE}),
    )


WARD_OFFICER = officer()
PROVINCE = officer("PC06-79", "province_officer", "79")


@pytest.fixture
def streets(house_loaded: None, db: object) -> Iterator[dict[str, int]]:
    """Seven people at five doors, one of them temporarily from elsewhere, one who has died."""
    prepare()
    person = partial(a_person, sex="M", born="1980-01-01")
    home = {"household_number": "HO-26740-1", "household_relationship": "CHU_HO"}
    with_them = {"household_number": "HO-26740-1", "household_relationship": "CON_DE"}
    found = {
        "head": person("Nguyễn Văn Hòa", permanent_residence=at("12/3A Lê Lợi"), **home),
        "child": person("Nguyễn Gia Bảo", permanent_residence=at("12/3A Lê Lợi"), **with_them),
        "alley": person("Lê Thị Sáu", permanent_residence=at("3A Hẻm 12 Lê Lợi")),
        "next": person("Trần Văn Tư", permanent_residence=at("12 Đường Lê Lợi")),
        "far": person("Phạm Quốc Em", permanent_residence=at("14 Lê Lợi, KP 3")),
        "guest": person(
            "Võ Thị Năm",
            permanent_residence=AddressValue("7 Nguyễn Trãi, Phường Bến Thành", THERE, MAP),
            temporary_residence=at("12 Lê Lợi"),
        ),
        "dead": person("Đặng Văn Bảy", permanent_residence=at("12 Lê Lợi"), life_status="CHET"),
        "elsewhere": person(
            "Bùi Văn Tám",
            permanent_residence=AddressValue("7 Nguyễn Trãi, Phường Bến Thành", THERE, MAP),
        ),
    }
    yield found
    dictionary.forget()
    places.forget()


def opened(kind: str = "door_to_door", actor: Actor = WARD_OFFICER, unit: str = HERE) -> int:
    return services.open_campaign(
        kind=kind,
        unit=unit,
        begins_on=TODAY,
        ends_on=TODAY + timedelta(days=20),
        actor=actor,
        at=AT,
    )


def place(campaign: int) -> Place:
    return Place(campaign, queries.communes_of(campaign))


def houses(campaign: int) -> list[str]:
    found = queries.stops(place(campaign)).stops
    return [f"{one.neighbourhood}|{one.house} {one.street}|{one.people}" for one in found]


def test_a_wards_own_check_does_not_hold_up_its_province(streets: dict[str, int]) -> None:
    own = opened()
    whole = opened(actor=PROVINCE, unit="79")
    assert HERE not in queries.communes_of(whole)
    assert queries.communes_apart(whole, "79", TODAY) == [HERE]
    assert Event.objects.filter(event="round.opened").latest("pk").detail["apart"] == 1
    services.draw_lists(at=AT, campaign_id=whole)
    assert queries.communes_apart(whole, "79", TODAY) == [HERE]
    services.close_campaign(campaign_id=own, reason="", actor=WARD_OFFICER, at=AT)
    services.draw_lists(at=LATER, campaign_id=whole)
    assert queries.communes_apart(whole, "79", TODAY) == []
    assert houses(whole)
    with pytest.raises(CampaignRuns):
        opened()


def stop_of(campaign: int, person: int) -> int:
    return Subject.objects.get(area__campaign_id=campaign, person_id=person).stop_id


def visit(stop: int, outcome: str, version: int = 0, **more: object) -> services.Noted:
    given = {"actor": WARD_OFFICER, "at": AT, **more}
    return services.note_visit(stop_id=stop, version=version, outcome=outcome, **given)  # type: ignore[arg-type]


def require_sums(campaign: int) -> None:
    """Each house is counted once, however it is grouped; people are those of the houses."""
    listed = Stop.objects.filter(area__campaign_id=campaign, is_listed=True)
    for by in ("commune", "neighbourhood", "street", "campaign"):
        whole = queries.total(queries.coverage(place(campaign), by))  # type: ignore[arg-type]
        assert whole.all == listed.count()
        assert set(whole.stops) <= set(STOP_STATES)
        assert whole.people == sum(listed.values_list("people", flat=True))
        assert whole.settled == sum(listed.values_list("settled", flat=True)) <= whole.people
        for done in (queries.by_day(place(campaign)), queries.by_team(place(campaign))):
            assert sum(one.visited for one in done) == whole.visited
    for one in listed:
        people = one.subjects.filter(left_on=None)
        assert one.people == people.count()
        assert one.settled == people.exclude(state=Subject.State.WAITING).count()


def test_a_round_lists_doors_in_walking_order_and_each_household_once(
    streets: dict[str, int],
) -> None:
    campaign = opened()
    assert houses(campaign) == [
        "Khu phố 3|14 Lê Lợi|1",
        "|12 Lê Lợi|2",
        "|12/3A Lê Lợi|1",
        "|12/3A Lê Lợi|2",
    ]
    assert stop_of(campaign, streets["head"]) == stop_of(campaign, streets["child"])
    concerned = set(Subject.objects.values_list("person_id", flat=True))
    assert concerned == set(streets.values()) - {streets["dead"], streets["elsewhere"]}
    require_sums(campaign)


def test_each_kind_of_check_finds_those_whom_it_is_about(streets: dict[str, int]) -> None:
    say(streets["far"], "CA-26740", day=SAID, lodging=at("99 Lê Lợi"), lodging_until="2026-11-20")
    Person.objects.get(pk=streets["next"]).pids.create(
        pid="079080999999", valid_from=MAP, cancelled_on=TODAY
    )
    for kind, who in (
        ("temporary_residence", {"guest"}),
        ("lodging", {"far"}),
        ("cancelled_pids", {"next"}),
    ):
        campaign = opened(kind)
        found = Subject.objects.filter(area__campaign_id=campaign)
        assert {one.person_id for one in found} == {streets[name] for name in who}, kind
    lodging = Stop.objects.get(area__kind="lodging")
    assert (lodging.house, lodging.subjects.get().basis) == ("99", 3)


def test_the_check_of_lodging_lists_guests_from_elsewhere_while_their_notice_concerns_it(
    streets: dict[str, int],
) -> None:
    far_away = AddressValue("7 Nguyễn Trãi, Phường Bến Thành", THERE, MAP)
    guest_house = {"lodging": at("99 Lê Lợi"), "lodging_until": "2026-11-20"}
    for name in ("elsewhere", "far", "child"):
        say(streets[name], "CA-26740", day=SAID, **guest_house)
    # Here, but elsewhere at night; over for some days; over for long; never entered; taken back.
    say(streets["alley"], "CA-26740", day=SAID, lodging=far_away, lodging_until="2026-11-20")
    say(streets["guest"], "CA-26740", day=MAP, lodging=at("9 Lê Lai"), lodging_until="2026-10-20")
    say(streets["next"], "CA-26740", day=MAP, **{**guest_house, "lodging_until": "2026-09-20"})
    say(streets["head"], "CA-26740", day=SAID, **guest_house)
    say(streets["head"], "CA-26740", day=SAID, lodging=None, lodging_until=None)
    campaign = opened("lodging")
    assert houses(campaign) == ["|9 Lê Lai|1", "|99 Lê Lợi|3"]
    assert stop_of(campaign, streets["elsewhere"]) == stop_of(campaign, streets["child"])
    assert not card_disagreements(list(streets.values()))
    say(streets["elsewhere"], "CA-26740", day=SAID, lodging=far_away, lodging_until="2026-11-25")
    drawing.draw(Area.objects.get(kind="lodging").pk, at=LATER)
    gone = Subject.objects.get(area__campaign_id=campaign, person_id=streets["elsewhere"])
    assert gone.left == Subject.Left.ELSEWHERE
    require_sums(campaign)


def test_a_visit_settles_everybody_of_the_house_and_confirms_where_they_live(
    streets: dict[str, int],
) -> None:
    campaign = opened()
    stop = stop_of(campaign, streets["head"])
    before = Statement.objects.filter(person_id=streets["head"]).count()
    noted = visit(stop, "met", team="Tổ 1")
    assert noted.version == 1
    assert noted.confirmed == 2
    assert Statement.objects.filter(person_id=streets["head"]).count() == before + 1
    found = queries.stop(stop, [HERE])
    assert (found.state, found.people, found.settled, found.team) == ("met", 2, 2, "Tổ 1")
    assert Event.objects.filter(event="round.visited").count() == 1
    require_sums(campaign)


def test_the_office_whose_word_counts_confirms_the_residence(streets: dict[str, int]) -> None:
    say(streets["next"], "CA-26740", day=SAID, permanent_residence=at("12 Đường Lê Lợi"))
    person = a_person("Hồ Văn Chín", "M", "1990-01-01", permanent_residence=at("20 Lê Lợi"))
    said = say(person, "CA-26740", day=MAP, current_residence=at("22 Lê Lợi"))
    campaign = opened()
    stop = stop_of(campaign, person)
    assert queries.stop(stop, [HERE]).house == "22"
    assert visit(stop, "met", at=LATER).confirmed == 1
    newest = Statement.objects.filter(person_id=person).order_by("-id").first()
    assert newest is not None
    assert newest.id > said
    assert newest.evidence == queries.campaign(campaign).case
    assert newest.valid_from == LATER.date()


def test_what_differs_is_kept_by_person_and_leads_on(streets: dict[str, int]) -> None:
    campaign = opened()
    stop = stop_of(campaign, streets["head"])
    here = {"lives_here": "here", "address_right": "right"}
    moved = {"lives_here": "moved", "address_right": "right"}
    with pytest.raises(Invalid, match="nothing differs"):
        visit(stop, "differs", answers={streets["head"]: here, streets["child"]: here})
    with pytest.raises(Invalid) as unanswered:
        visit(stop, "differs", answers={streets["head"]: here})
    assert unanswered.value.errors[0].field == f"lives_here_{streets['child']}"
    assert not Visit.objects.exists()
    answers = {streets["head"]: here, streets["child"]: moved}
    visit(stop, "differs", answers=answers, others=2)
    states = {one.person_id: one.state for one in queries.subjects([stop])[stop]}
    assert states == {streets["head"]: "confirmed", streets["child"]: "moved"}
    assert queries.visits(stop)[0].answers == answers
    assert queries.total(queries.coverage(place(campaign), "street")).others == 2
    require_sums(campaign)


def test_whoever_was_not_at_home_is_visited_again(streets: dict[str, int]) -> None:
    campaign = opened()
    stop = stop_of(campaign, streets["next"])
    visit(stop, "nobody_home")
    visit(stop, "nobody_home", version=1)
    found = queries.stop(stop, [HERE])
    assert (found.state, found.attempts, found.settled, found.is_open) == (
        "nobody_home",
        2,
        0,
        True,
    )
    shown = queries.stops(place(campaign), only_open=True).stops
    assert stop in {one.id for one in shown}
    visit(stop, "refused", version=2)
    assert [one.outcome for one in queries.visits(stop)] == [
        "refused",
        "nobody_home",
        "nobody_home",
    ]
    require_sums(campaign)


def test_the_second_of_two_officers_at_one_door_is_told_and_changes_nothing(
    streets: dict[str, int],
) -> None:
    campaign = opened()
    stop = stop_of(campaign, streets["next"])
    visit(stop, "met")
    with pytest.raises(StopChanged):
        visit(stop, "no_such_house")
    assert queries.stop(stop, [HERE]).state == "met"
    assert Visit.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(stop_id=stop, version=1, at=AT, office="x", outcome=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.update(note="changed")
    require_sums(campaign)


def test_at_night_the_newly_concerned_join_and_others_leave_with_the_cause(
    streets: dict[str, int],
) -> None:
    campaign = opened()
    done = stop_of(campaign, streets["head"])
    visit(done, "met")
    new = a_person(
        "Nguyễn Bé Út",
        "F",
        "2017-10-30",
        permanent_residence=at("12/3A Lê Lợi"),
        household_number="HO-26740-1",
    )
    away = AddressValue("7 Nguyễn Trãi, Phường Bến Thành", THERE, MAP)
    say(streets["far"], "C06", day=SAID, permanent_residence=away)
    say(streets["next"], "C06", day=SAID, life_status="CHET")
    say(streets["child"], "C06", day=SAID, permanent_residence=away)
    say(streets["guest"], "C06", day=SAID, temporary_residence=at("16 Lê Lợi"))
    found = services.draw_lists(at=LATER)
    assert (found.joined, found.left, found.changed_door) == (1, 2, 1)
    rows = {one.person_id: one for one in Subject.objects.all()}
    assert rows[new].joined == Subject.Joined.SINCE
    assert rows[streets["far"]].left == Subject.Left.ELSEWHERE
    assert rows[streets["next"]].left == Subject.Left.NOT_LIVING
    assert rows[streets["child"]].left_on is None, "who was settled stays in the figures"
    assert queries.stop(stop_of(campaign, streets["guest"]), [HERE]).house == "16"
    assert queries.stop(done, [HERE]).state == "waiting", "somebody new has come there"
    assert queries.causes(place(campaign))["left", Subject.Left.ELSEWHERE] == 1
    require_sums(campaign)
    again = services.draw_lists(at=LATER)
    assert (again.joined, again.left, again.changed_door, again.stops) == (0, 0, 0, 0)


def test_one_check_of_a_kind_at_a_time(streets: dict[str, int]) -> None:
    campaign = opened()
    with pytest.raises(CampaignRuns):
        opened(actor=WARD_OFFICER)
    services.close_campaign(campaign_id=campaign, reason="Xong", actor=WARD_OFFICER, at=AT)
    with pytest.raises(CampaignClosed):
        services.close_campaign(campaign_id=campaign, reason="Xong", actor=WARD_OFFICER, at=AT)
    with pytest.raises(CampaignNotRunning):
        visit(stop_of(campaign, streets["head"]), "met")
    opened()
    assert Area.objects.filter(is_open=True).count() == 1


def test_refusals_leave_nothing_behind(streets: dict[str, int]) -> None:
    campaign = opened()
    stop = stop_of(campaign, streets["head"])
    other = officer("CA-26743", "ward_officer", THERE)
    clerk = officer("HT-26740", "civil_registrar", HERE)
    with pytest.raises(OutsideJurisdiction):
        opened("lodging", other)
    with pytest.raises(ActionNotAllowed):
        opened("lodging", clerk)
    for kind, first, days in (
        ("nothing", 0, 1),
        ("lodging", 0, -1),
        ("lodging", 0, 500),
        ("lodging", 400, 401),
    ):
        with pytest.raises(Invalid):
            services.open_campaign(
                kind=kind,
                unit=HERE,
                begins_on=TODAY + timedelta(days=first),
                ends_on=TODAY + timedelta(days=days),
                actor=WARD_OFFICER,
                at=AT,
            )
    for actor in (other, officer("CA-26743", "ward_officer", "nowhere")):
        with pytest.raises(NotFoundOrNotYours):
            visit(stop, "met", actor=actor)
    with pytest.raises(ActionNotAllowed):
        visit(stop, "met", actor=clerk)
    with pytest.raises(Invalid):
        visit(stop, "met", others=100)
    with pytest.raises(NotFoundOrNotYours):
        visit(2**40, "met")
    for communes in ([THERE], []):
        with pytest.raises(NotFoundOrNotYours):
            queries.stop(stop, communes)
        with pytest.raises(NotFoundOrNotYours):
            queries.campaign(campaign, communes)
        assert queries.campaigns(communes) == []
    assert not Visit.objects.exists()
    assert not Stop.objects.filter(version__gt=0).exists()


def test_a_province_opens_for_all_its_communes_and_a_ward_sees_its_own(
    streets: dict[str, int],
) -> None:
    campaign = opened("temporary_residence", PROVINCE, "79")
    communes = queries.communes_of(campaign)
    assert len(communes) > services.AT_ONCE
    assert not queries.campaign(campaign).is_drawn
    Area.objects.exclude(commune__in=[HERE, THERE]).filter(campaign_id=campaign).delete()
    found = services.draw_lists(at=AT, campaign_id=campaign)
    assert found.people == 1
    assert queries.campaign(campaign).is_drawn
    ward = Place(campaign, [HERE])
    assert queries.total(queries.coverage(ward, "neighbourhood")).people == 1
    visit(stop_of(campaign, streets["guest"]), "met")
    assert queries.coverage_of([campaign], [HERE])[campaign].share == 1.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rounds_area WHERE drawn_at IS NULL")
        assert cursor.fetchone() == (0,)


def test_lists_of_a_check_that_was_closed_meanwhile_stay_as_they_are(
    streets: dict[str, int],
) -> None:
    campaign = opened()
    area = Area.objects.get(campaign_id=campaign).pk
    services.close_campaign(campaign_id=campaign, reason="xong", actor=WARD_OFFICER, at=AT)
    Person.objects.filter(pk=streets["far"]).update(commune=THERE)
    assert drawing.draw(area, at=LATER) == Drawn()
    assert not Subject.objects.filter(left_on__isnull=False).exists()


def test_the_command_lists_every_check_and_refreshes_none_that_is_not_open(
    streets: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    days = {"begins_on": TODAY, "ends_on": TODAY, "opened_at": AT}
    made = Campaign.objects.bulk_create(
        Campaign(kind="lodging", unit=HERE, closed_at=AT, **days) for _ in range(101)
    )
    Area.objects.bulk_create(
        Area(campaign=one, commune=HERE, kind="lodging", is_open=False) for one in made
    )
    assert command.run(Namespace(what="list", json=False)) == 0
    assert len(capsys.readouterr().out.splitlines()) == 101
    closed = Campaign.objects.latest("pk").pk
    assert command.run(Namespace(what="refresh", check=closed)) == 1
    assert f"no check {closed} is open" in capsys.readouterr().err
