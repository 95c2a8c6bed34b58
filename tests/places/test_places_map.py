from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from dancu.places import queries, services
from dancu.places.errors import UnitExists, UnknownUnit
from dancu.places.models import MapVersion, Unit
from dancu.places.tree import UnitTree
from dancu.places.types import Link, UnitValue

OLD = dt.date(2025, 6, 30)
NEW = dt.date(2025, 7, 1)
NOW = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("level", "on", "number"),
    [
        ("province", OLD, 63),
        ("province", NEW, 34),
        ("district", OLD, 696),
        ("district", NEW, 0),
        ("commune", OLD, 10_035),
        ("commune", NOW, 3_321),
    ],
)
def test_both_maps_have_the_published_numbers_of_units(maps, level, on, number):
    assert len(queries.list_units(level=level, on=on)) == number


def test_nine_cities_are_under_the_centre_since_september_2026(maps):
    def cities(on):
        units = queries.list_units(level="province", on=on)
        return sum(u.kind == "THANH_PHO_TW" for u in units)

    assert cities(dt.date(2025, 7, 1)) == 6
    assert cities(dt.date(2026, 4, 30)) == 7
    assert cities(dt.date(2026, 9, 20)) == 9


def test_the_same_code_is_another_unit_on_another_day(maps):
    assert queries.unit_name("00004", OLD) == "Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"
    assert queries.unit_name("00004", NEW) == "Phường Ba Đình, Thành phố Hà Nội"


def test_every_commune_hangs_on_a_province_on_its_days(maps):
    for on in (OLD, NEW, NOW):
        for unit in queries.list_units(level="commune", on=on):
            assert maps.path(unit.code, on)[0].level == "province"


def test_every_old_unit_leads_to_the_newest_map(maps):
    assert [u.code for u in maps.units if not maps.newest(u.code, u.valid_from).code] == []


def test_a_ward_that_was_split_keeps_its_candidates(maps):
    found = queries.successors("20296", OLD, NOW)
    assert [s.code for s in found] == ["20197", "20194"]
    assert found[0].is_default
    assert not any(s.is_sure for s in found)
    assert queries.unit_now("20296", OLD).is_sure is False


def test_a_ward_that_went_whole_is_sure(maps):
    assert [(s.code, s.is_sure) for s in queries.successors("26956", OLD, NOW)] == [("26956", True)]


def test_a_province_is_followed_through_two_changes(maps):
    found = queries.successors("46", dt.date(2020, 1, 1), NOW)
    assert [(s.code, s.is_sure) for s in found] == [("46", True)]
    assert maps.predecessors("79", NOW, OLD) == ("74", "77", "79")


def test_a_district_lies_in_what_became_of_its_province(maps):
    district = next(u for u in queries.list_units(level="district", on=OLD) if u.name == "Dĩ An")
    assert queries.unit_now(district.code, OLD).code == "79"


def test_under_holds_the_unit_and_everything_below(maps):
    under = queries.units_under(["79"], NOW)
    assert len(under) == 169
    assert all(queries.is_within(code, frozenset({"79"}), NOW) for code in under)
    assert not queries.is_within("00004", frozenset({"79"}), NOW)
    assert not queries.is_within("99999", frozenset({"79"}), NOW)
    assert not queries.is_within("26740", frozenset(), NOW)


def test_an_old_code_is_within_where_its_area_is_now(maps):
    ended = next(c for c in maps.children("74", OLD))
    commune = maps.children(ended.code, OLD)[0]
    assert queries.is_within(commune.code, frozenset({"79"}), NOW)


def test_loading_again_changes_nothing(maps):
    before = MapVersion.objects.get().version
    assert services.load_units() == 0
    assert MapVersion.objects.get().version == before


def test_numbered_wards_are_listed_as_numbers_before_names(maps):
    names = [u.name for u in queries.list_units(parent="D7706", on=OLD)]
    listed = [int(n) for n in names if n.isdecimal()]
    assert listed == sorted(listed)
    assert all(n.isdecimal() for n in names[: len(listed)])


def test_one_code_cannot_stand_twice_on_one_day(maps):
    again = Unit.objects.get(code="26740", valid_from=NEW)
    again.pk = None
    again.valid_from = dt.date(2026, 1, 1)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        again.save()


def test_a_neighbourhood_can_be_opened_and_renamed_with_its_history(maps):
    on, later = dt.date(2026, 1, 1), dt.date(2026, 8, 1)
    services.open_unit(
        code="26740-01",
        level="neighbourhood",
        name="1",
        kind="KHU_PHO",
        parent_code="26740",
        on=on,
    )
    services.rename_unit(code="26740-01", name="Bến Nghé", kind="KHU_PHO", on=later)
    assert queries.unit("26740-01", on).full_name == "Khu phố 1"
    assert queries.unit("26740-01", later).full_name == "Khu phố Bến Nghé"
    assert [s.is_sure for s in queries.successors("26740-01", on, later)] == [True]
    assert services.load_units() == 0


def test_loading_leaves_a_name_that_officers_gave(maps):
    services.rename_unit(code="26740", name="Thành Cổ", kind="PHUONG", on=dt.date(2026, 8, 1))
    assert services.load_units() == 0
    assert queries.unit("26740", NOW).name == "Thành Cổ"


def test_a_unit_needs_a_parent_and_a_free_code(maps):
    row = {"level": "neighbourhood", "name": "1", "kind": "KHU_PHO", "on": NOW}
    with pytest.raises(UnknownUnit):
        services.open_unit(code="26740-01", parent_code="00001", **row)
    with pytest.raises(UnitExists):
        services.open_unit(code="26743", parent_code="26740", **row)
    with pytest.raises(UnknownUnit):
        services.rename_unit(code="99999", name="x", kind="XA", on=NOW)


def test_another_process_sees_a_change(maps, monkeypatch):
    assert queries.unit("26740", NOW).name == "Sài Gòn"
    Unit.objects.filter(code="26740", valid_from=NEW).update(name="Khác")
    MapVersion.objects.update(version="00000000-0000-0000-0000-000000000001")
    monkeypatch.setattr(queries, "_LOOK_AGAIN_AFTER", 0.0)
    assert queries.unit("26740", NOW).name == "Khác"


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))


@given(change=DAYS, asked=DAYS, parts=st.integers(1, 5))
def test_a_split_unit_has_one_default_and_is_sure_only_when_whole(change, asked, parts):
    def unit(code, start, end):
        return UnitValue(code, "commune", code, "XA", "Xã", "", start, end)

    first = dt.date(1990, 1, 1)
    children = [unit(f"n{i}", change, None) for i in range(parts)]
    links = [Link("old", first, c.code, change, is_default=c.code == "n0") for c in children]
    tree = UnitTree([unit("old", first, change), *children], links)
    found = tree.successors("old", first, asked)
    if asked < change:
        assert [s.code for s in found] == ["old"]
    else:
        assert {s.code for s in found} == {c.code for c in children}
    assert sum(s.is_default for s in found) == 1
    assert all(s.is_sure == (len(found) == 1) for s in found)
