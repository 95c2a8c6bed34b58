from __future__ import annotations

import datetime as dt
import shutil

import pytest
from django.utils import translation

from dancu import catalogue
from dancu.catalogue import contracts, files
from dancu.catalogue.checking import check

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A catalogue of one's own to spoil."""
    root = tmp_path / "catalogue"
    shutil.copytree(files.BESIDE_THE_PACKAGE, root)
    monkeypatch.setenv(files.ENVIRONMENT, str(root))
    yield root
    catalogue.forget()
    contracts.forget()


def spoil(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_contract_of_a_day_is_found_by_name():
    found = contracts.contract("student-check", TODAY)
    assert found is not None
    assert (found.agency, found.source) == ("G03", "BGDDT")
    assert found.scope is None
    assert contracts.contract("student-check", dt.date(2025, 12, 31)) is None
    assert contracts.contract("no-such", TODAY) is None
    assert contracts.contract("bank-check", dt.date(2028, 1, 1)) is None


def test_whoever_verifies_may_send_what_identifies():
    found = contracts.contract("telecom-vnpt", TODAY)
    assert found is not None
    assert {"pid", "old_id_number", "full_name", "birth_date"} <= found.verify_attributes
    assert "permanent_residence" not in found.verify_attributes


def test_the_cap_of_the_country_follows_its_dates_and_exceptions(copy):
    assert contracts.exchange_rules().records_on(TODAY) == 200_000
    spoil(
        copy / "exchange.yaml",
        "exceptions: []",
        "exceptions:\n  - {day: 2026-11-22, records: 5000, approved_by: C06, reason: trial}",
    )
    spoil(
        copy / "exchange.yaml",
        "{valid_from: 2022-01-06, records: 200000}",
        "{valid_from: 2022-01-06, records: 200000}\n  - {valid_from: 2027-01-01, records: 900000}",
    )
    contracts.forget()
    assert check() == []
    rules = contracts.exchange_rules()
    assert [rules.records_on(day) for day in (TODAY, dt.date(2026, 11, 23))] == [205_000, 200_000]
    assert rules.records_on(dt.date(2027, 1, 1)) == 900_000


def test_an_exception_of_a_contract_adds_on_its_day_only(copy):
    spoil(
        copy / "contracts" / "tax.yaml",
        "exceptions: []",
        "exceptions: [{day: 2026-11-22, records: 7, approved_by: C06, reason: trial}]",
    )
    contracts.forget()
    found = contracts.contract("tax", TODAY)
    assert found is not None
    assert found.records_on(TODAY) == found.records_per_day + 7
    assert found.records_on(dt.date(2026, 11, 23)) == found.records_per_day


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("agency: G12.THUE", "agency: G99", "G99 is not declared"),
        ("source: GDT", "source: NOBODY", "NOBODY is not declared"),
        ("full_name, birth_date", "full_nam, birth_date", "full_nam is not declared"),
        ("priority: 3", "priority: 9", "9 is not declared"),
        ("scope: country", 'scope: ["999"]', "999 is not declared"),
        ("modes: [verify, lookup, batch, feed]", "modes: [verify]", "section “lookup” belongs"),
        ("modes: [verify, lookup, batch, feed]", "modes: [verify, phone]", "does not fit"),
        ("feed:\n", "food:\n", "does not fit"),
        ("valid_to: null", "valid_to: 2025-07-01", "ends before it begins"),
        ("records_per_day: 40000", "records_per_day: many", "does not fit"),
        ('label_vi: "kiểm tra người phụ thuộc"', "label_vi: khác", ""),
        ("- name: dependant_check", "- name: credit_check", "another label elsewhere"),
    ],
)
def test_the_linter_names_what_is_wrong_in_a_contract(copy, before, after, said):
    spoil(copy / "contracts" / "tax.yaml", before, after)
    found = [str(finding) for finding in check()]
    if said:
        assert any(said in finding and "contracts/tax.yaml" in finding for finding in found)
    else:
        assert found == []


def test_a_mode_without_its_section_is_found(copy):
    path = copy / "contracts" / "electricity.yaml"
    spoil(path, "modes: [verify, batch, feed]", "modes: [verify, batch, lookup, feed]")
    (finding,) = check()
    assert "no section “lookup”" in finding.what


def test_two_versions_of_a_contract_must_not_overlap(copy):
    shutil.copy(copy / "contracts" / "tax.yaml", copy / "contracts" / "tax-2027.yaml")
    assert any("overlap" in finding.what for finding in check())
    spoil(copy / "contracts" / "tax.yaml", "valid_to: null", "valid_to: 2027-01-01")
    spoil(copy / "contracts" / "tax-2027.yaml", "2025-07-01", "2027-01-01")
    contracts.forget()
    assert check() == []
    last = contracts.last_contract("tax")
    assert last is not None
    assert last.valid_from == dt.date(2027, 1, 1)
