from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dancu.places import addresses, queries, services
from dancu.places.errors import AddressCollision
from dancu.places.models import Address
from dancu.places.types import AddressEntry

OLD = dt.date(2025, 6, 30)
NEW = dt.date(2025, 7, 1)
NOW = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "code", "code_date", "now"),
    [
        ("720A Điện Biên Phủ, P22, Bình Thạnh", "26956", OLD, ["26956"]),
        ("720A Dien Bien Phu P22 Binh Thanh", "26956", OLD, ["26956"]),
        ("12/3A Lê Lợi, P. Bến Nghé, Q1, TPHCM", "26740", OLD, ["26740"]),
        ("12 le loi phuong ben nghe quan 1 tp hcm", "26740", OLD, ["26740"]),
        ("Phường 01, Quận 3, Thành phố Hồ Chí Minh, Việt Nam", "27160", OLD, ["27154"]),
        ("Phường Sài Gòn, Thành phố Hồ Chí Minh", "26740", NEW, ["26740"]),
        ("P. Tân Định, Q.1, TP. Hồ Chí Minh", "26734", OLD, ["26737"]),
        ("Phường Tân Định, TP HCM", "26737", NEW, ["26737"]),
        ("Phường Dĩ An, Bình Dương", "25942", OLD, ["25942"]),
        ("Xã Hòa Liên, Huyện Hòa Vang, Đà Nẵng", "20296", OLD, ["20197", "20194"]),
        ("Đông Hà, Quảng Trị", "19333", NEW, ["19333"]),
        ("12 Lê Lợi, Hà Nội", "01", NEW, ["01"]),
        ("abc xyz", "", NEW, []),
        ("", "", NEW, []),
    ],
)
def test_an_address_is_read_as_it_is_written(maps, text, code, code_date, now):
    parsed = addresses.parse(text, on=NOW)
    assert (parsed.unit_code, parsed.code_date) == (code, code_date)
    assert [c.code for c in parsed.candidates] == now
    assert parsed.needs_review == (len(now) != 1)


@pytest.mark.parametrize("text", ["Phường 1, TP.HCM", "ĐN", "Xã Tân Lập"])
def test_homonyms_are_never_guessed(maps, text):
    parsed = addresses.parse(text, on=NOW)
    assert parsed.unit_code == ""
    assert len(parsed.candidates) > 1
    assert not any(c.is_default for c in parsed.candidates)


def test_a_city_that_ended_is_known_only_so_far(maps):
    parsed = addresses.parse("Dĩ An, Bình Dương", on=NOW)
    assert queries.unit(parsed.unit_code, parsed.code_date).level == "district"
    assert [c.code for c in parsed.candidates] == ["79"]


def test_under_the_old_map_only_old_units_are_meant(maps):
    parsed = addresses.parse("Phường Bến Nghé, Quận 1, TP.HCM", on=dt.date(2020, 5, 1))
    assert (parsed.unit_code, parsed.candidates[0].why) == ("26740", "written")
    assert addresses.parse("Phường Sài Gòn, Quận 1, TP.HCM", on=OLD).unit_code != "26740"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Số 12/3A Lê Lợi, khu phố 2, Phường Bến Thành, TP.HCM",
            {
                "house": "12/3A",
                "street": "Lê Lợi",
                "neighbourhood": "khu phố 2",
                "commune": "Phường Bến Thành",
                "province": "TP.HCM",
            },
        ),
        (
            "hẻm 45 Nguyễn Trãi, P.Bến Thành, Q.1",
            {"street": "hẻm 45 Nguyễn Trãi", "commune": "P.Bến Thành", "district": "Q.1"},
        ),
        (
            "Ấp 3, X. Bình Hưng, H. Bình Chánh",
            {"neighbourhood": "Ấp 3", "commune": "X. Bình Hưng", "district": "H. Bình Chánh"},
        ),
    ],
)
def test_parts_are_kept_as_written(maps, text, parts):
    assert addresses.parse(text, on=NOW).parts.as_dict() == parts


def test_every_new_commune_is_found_by_its_full_name(maps):
    for unit in queries.list_units(level="commune", on=NOW)[::40]:
        parsed = addresses.parse(f"12 Lê Lợi, {queries.unit_name(unit.code, NOW)}", on=NOW)
        assert parsed.unit_code == unit.code or len(parsed.candidates) > 1, parsed


def test_nearly_every_old_commune_is_found_by_its_full_name(maps):
    units = queries.list_units(level="commune", on=OLD)[::100]
    for unit in units:
        parsed = addresses.parse(queries.unit_name(unit.code, OLD), on=NOW)
        assert parsed.unit_code == unit.code or len(parsed.candidates) > 1, parsed


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["P", "Q", ".", ",", "1", "/", "Bến", "Nghé", "TP", "HCM"]))
)
def test_any_text_can_be_read(maps, text):
    text = text if isinstance(text, str) else " ".join(text)
    parsed = addresses.parse(text, on=NOW)
    assert parsed.unit_code == "" or queries.unit(parsed.unit_code, parsed.code_date)


def test_the_number_of_an_address_follows_from_its_content(maps):
    text = "12 Lê Lợi, Phường Sài Gòn"
    number = addresses.address_id(text, "26740", NOW)
    assert 0 <= number < 2**63
    assert number == addresses.address_id(unicodedata.normalize("NFD", text) + " ", "26740", NEW)
    assert number != addresses.address_id(text, "26740", OLD)
    assert number != addresses.address_id(text, "26743", NOW)


def test_entering_again_changes_nothing(maps):
    entries = [AddressEntry(f"Số {i} Lê Lợi", "26740", NOW) for i in range(50)]
    ids = addresses.enter_addresses(entries + entries)
    assert ids[:50] == ids[50:]
    assert Address.objects.count() == 50
    assert addresses.enter_addresses(entries) == ids[:50]
    stored = queries.addresses(ids[:1])[ids[0]]
    assert (stored.text, stored.unit_code, stored.code_date) == ("Số 0 Lê Lợi", "26740", NEW)
    assert (stored.unit_now, stored.unit_now_is_sure) == ("26740", True)


def test_two_addresses_of_one_number_are_refused_whole(maps, monkeypatch):
    monkeypatch.setattr(addresses, "address_id", lambda *_content: 1)
    addresses.enter_address(AddressEntry("Số 1 Lê Lợi", "26740", NOW))
    with pytest.raises(AddressCollision):
        addresses.enter_addresses([AddressEntry("Số 2 Lê Lợi", "26740", NOW)])
    assert Address.objects.count() == 1


def test_an_old_address_is_placed_on_the_newest_map(maps):
    sure = addresses.enter_address(addresses.entry_of("P22, Bình Thạnh, TP.HCM", on=NOW))
    split = addresses.enter_address(addresses.entry_of("Xã Hòa Liên, Huyện Hòa Vang", on=NOW))
    found = queries.addresses([sure, split, 5])
    assert set(found) == {sure, split}
    assert found[sure].unit_now_is_sure
    assert (found[split].unit_now, found[split].unit_now_is_sure) == ("20197", False)


def test_addresses_are_searched_by_words_and_by_todays_names(maps):
    number = addresses.enter_address(
        addresses.entry_of("720A Điện Biên Phủ, P22, Bình Thạnh, TP.HCM", on=NOW)
    )
    for words in ("dien bien phu 720a", "Thạnh Mỹ Tây điện biên phủ", "ho chi minh binh thanh"):
        assert queries.search_addresses(words) == [number]
    assert queries.search_addresses("điện biên phủ 721a") == []
    assert queries.search_addresses("'; DROP TABLE places_unit; --") == []


def test_addresses_move_when_the_map_changes(maps):
    number = addresses.enter_address(AddressEntry("Số 1", "26740", NOW))
    Address.objects.update(unit_now="")
    services.rename_unit(code="26740", name="Thành Cổ", kind="PHUONG", on=dt.date(2026, 8, 1))
    assert queries.addresses([number])[number].unit_now == "26740"
