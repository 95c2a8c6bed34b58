"""The catalogue of errors is complete, and says of each why and what to do."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dancu.developers import offered, problem_types
from dancu.exchange.api.errors import BodyTooLarge, KeyUsedForAnother
from dancu.exchange.errors import ClauseRefused, QuotaUsedUp
from dancu.exchange.oauth.errors import AssertionReplayed, TokenExpired
from dancu.kernel.errors import Invalid

#: Statuses that the document keeps for refusals that do not happen today.
RESERVED = {"verify": {409}, "lookUp": {409}, "batchRows": {410}}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_everything_that_agencies_are_told_is_there() -> None:
    codes = [one.code for one in problem_types.problem_types()]
    for error in (
        BodyTooLarge,
        KeyUsedForAnother,
        ClauseRefused,
        QuotaUsedUp,
        AssertionReplayed,
        TokenExpired,
        Invalid,
    ):
        assert codes.count(error.code) == 1, error
    assert "batch-gone" in codes
    assert "not-found" in codes
    assert "no-head-yet" in codes


def test_what_only_operators_meet_is_not_there() -> None:
    codes = {one.code for one in problem_types.problem_types()}
    assert codes.isdisjoint({"client-taken", "key-taken", "seal-broken", "exchange-error"})


def test_each_says_why_and_what_to_do() -> None:
    for one in problem_types.problem_types():
        assert one.message, one
        assert one.remedy, one
        assert 400 <= one.status < 600, one
        assert "%(" not in one.message + one.remedy


def test_places_for_values_are_named() -> None:
    found = {one.code: one for one in problem_types.problem_types()}
    assert "‹contract›" in found["clause-refused"].message
    assert "‹clause›" in found["clause-refused"].message


def test_faults_of_fields_are_read_where_they_are_made() -> None:
    found = {(one.field, one.code) for one in problem_types.field_faults()}
    assert ("claims", "too-little") in found
    assert ("any field", "missing") in found
    assert ("questions.lives_in", "unit") in found
    assert not any(code == "name" for _field, code in found)


def test_every_refusal_of_the_document_is_explained() -> None:
    for service in offered.services():
        for operation in service.operations:
            statuses = tuple(offered.refusals(operation))
            told = {one.status for one in problem_types.of_operation(operation, statuses)}
            missing = set(statuses) - told
            # Methods are refused by the web server itself at the sealed log.
            allowed = {405} if service.tag == "log" else RESERVED.get(operation.name, set())
            assert missing <= allowed, operation.name


@pytest.mark.django_db
def test_an_error_is_found_by_code_status_or_words(reader: Client) -> None:
    page = reverse("developers:problems")
    for wanted in ("quota-used", "429", "records are left"):
        said = reader.get(page, {"q": wanted}).content.decode()
        assert 'id="quota-used-up"' in said
        assert 'id="token-missing"' not in said
    said = reader.get(page, {"q": "zzz"}).content.decode()
    assert "No error fits" in said
    assert re.search(r"0 of \d+ errors", said)
