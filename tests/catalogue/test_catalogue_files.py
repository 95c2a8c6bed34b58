from __future__ import annotations

import datetime as dt
import shutil

import pytest

from dancu import catalogue
from dancu.catalogue import files
from dancu.catalogue.checking import check
from dancu.catalogue.errors import CatalogueFileMissing, UnknownAttribute, UnknownCodeList

# fmt: off
REQUIRED = [
    "full_name", "other_names", "pid", "birth_date", "sex", "birth_place",
    "birth_registration_place", "hometown", "ethnicity", "religion", "nationality",
    "blood_group", "old_id_number", "card_number_of_issue", "card_issue_date",
    "card_issue_place", "card_expiry_date", "father_name", "father_pid", "mother_name",
    "mother_pid", "spouse_name", "spouse_pid", "guardian_name", "guardian_pid",
    "permanent_residence", "temporary_residence", "current_residence", "temporary_absence",
    "lodging", "residence_file_number", "marital_status", "household_relationship",
    "household_number", "death_date", "missing_date", "life_status", "phone", "email",
    "occupation", "education_level", "health_insurance_number", "social_insurance_number",
    "tax_code", "driving_licence_number", "passport_number", "student_code", "school",
]
# fmt: on


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A catalogue of one's own to spoil."""
    root = tmp_path / "catalogue"
    shutil.copytree(files.BESIDE_THE_PACKAGE, root)
    monkeypatch.setenv(files.ENVIRONMENT, str(root))
    yield root
    catalogue.forget()


def spoil(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_catalogue_as_shipped_is_sound():
    assert check() == []


def test_there_are_91_attributes_on_all_26_statutory_items():
    attributes = catalogue.attributes()
    assert [a.number for a in attributes] == list(range(1, 92))
    assert {a.statutory for a in attributes} >= set(range(1, 27))
    assert {a.name for a in attributes} >= set(REQUIRED)


def test_an_attribute_is_found_by_name_number_and_key():
    found = catalogue.attribute("full_name")
    assert catalogue.attribute(found.number) is found
    assert catalogue.attribute(found.key) is found
    with pytest.raises(UnknownAttribute):
        catalogue.attribute("shoe_size")


def test_a_citizen_never_outranks_and_the_authority_always_does():
    for attribute in catalogue.attributes():
        kinds = set(catalogue.source_kinds())
        ranks = {kind: attribute.rank(kind) for kind in kinds}
        assert ranks["citizen"] == 0
        assert max(ranks, key=ranks.__getitem__) == attribute.authority
        assert min(r for k, r in ranks.items() if k != "citizen") >= 1


def test_a_code_has_labels_in_both_languages_and_a_period():
    kinds = catalogue.code_list("unit_kinds")
    assert kinds.label("PHUONG") == "Phường"
    assert kinds.label("PHUONG", "en") == "Ward"
    codes = {c.code for c in kinds.on(dt.date(2026, 1, 1))}
    assert "DAC_KHU" in codes
    assert "QUAN" not in codes
    with pytest.raises(UnknownCodeList):
        catalogue.code_list("moods")


def test_a_purpose_never_shows_in_full_what_it_does_not_permit():
    for purpose in catalogue.purposes().values():
        assert purpose.unmasked <= purpose.attributes
        assert purpose.legal_basis


def test_what_may_be_done_for_a_purpose_is_permitted_by_a_role_that_uses_it():
    for purpose in catalogue.purposes().values():
        permitted = frozenset().union(*(catalogue.roles()[r].actions for r in purpose.roles))
        assert purpose.actions <= permitted, purpose.name


def test_a_purpose_of_checking_does_nothing():
    for name in ("residence_check", "one_stop_verification", "audit", "own_household"):
        assert catalogue.purposes()[name].actions == frozenset()


def test_a_folder_without_files_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(files.ENVIRONMENT, str(tmp_path))
    with pytest.raises(CatalogueFileMissing, match=r"attributes\.yaml"):
        catalogue.attributes()


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("attributes.yaml", "number: 91", "number: 90", "90"),
        ("attributes.yaml", "group: birth", "group: births", "births"),
        ("attributes.yaml", "rule: once", "rule: sometimes", "sometimes"),
        ("attributes.yaml", "code_list: sex", "code_list: null", "code_list"),
        ("attributes.yaml", "authority: police", "authority: pollice", "pollice"),
        ("roles.yaml", "pid.issue, pid.cancel", "pid.isue, pid.cancel", "pid.isue"),
        ("purposes.yaml", "roles: [auditor]", "roles: [data_steward]", "audit"),
        ("purposes.yaml", "scope: presented", "scope: [", "YAML"),
        ("purposes.yaml", "[people.correct, conflict", "[people.corect, conflict", "corect"),
        ("sources.yaml", "kind: telecom", "kind: telekom", "telekom"),
        ("codes/sex.csv", "F,Nữ,Female", "M,Nữ,Female", "M"),
        ("codes/religions.csv", "Buddhism,,", "Buddhism,2026-13-01,", "valid_from"),
        ("codes/religions.csv", "label_en", "english", "label_en"),
        ("units/communes.csv", "PHUONG,D0101,,2025-07-01", "PHUONG,D0101,,2026-07-01", "D0101"),
        ("units/successions.csv", "00001,00097,2025-07-01,1", "00001,00097,2025-07-01,0", "00001"),
        ("agencies/agencies.yaml", "successor: G17", "successor: G71", "G71"),
    ],
)
def test_a_slip_is_found_with_its_file_and_line(copy, file, before, after, said):
    line = (copy / file).read_text(encoding="utf-8").split(before)[0].count("\n") + 1
    spoil(copy / file, before, after)
    found = check()
    assert found
    assert all(f.what and f.remedy for f in found)
    mine = [f for f in found if f.file == file and said in f.what]
    assert mine, found
    assert min(abs(f.line - line) for f in mine) <= 20
