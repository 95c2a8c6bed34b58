"""What citizens and operators see of the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from dancu.disclosure.services import accesses_of, changing
from dancu.exchange.feed import collecting, gauges
from dancu.exchange.feed.citizens import followers_of
from dancu.exchange.feed.models import FeedState, Webhook
from dancu.kernel.clock import system_clock
from dancu.portal import words
from tests.disclosure.conftest import AT, NEXT_WARD, citizen, new_person, say
from tests.exchange.following import collect, follow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look past the transaction that pytest keeps open around a test."""
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)


@pytest.fixture
def child(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


def test_the_person_reads_who_follows_them_and_for_what(child, caller):
    assert followers_of(person_id=child.id, at=AT) == []
    follow(caller, child)
    [one] = followers_of(person_id=child.id, at=AT)
    with translation.override("en"):
        sentence = words.follower_words(one)
    assert sentence.startswith("Checking of pupils and students: death, change of name, move and")
    assert sentence.endswith("What for: enrolment at school, since 02/11/2026")
    page = accesses_of(person_id=child.id, actor=citizen(child.id), at=AT)
    assert {row.kind for row in page.rows} == {"verify", "follow"}


def test_a_contract_that_follows_everybody_is_named_to_those_of_its_area(
    child, school_contract, monkeypatch
):
    for scope, count in ((None, 1), (frozenset({"79"}), 1), (frozenset({"01"}), 0)):
        told = replace(school_contract, feed_people="everyone", scope=scope)
        monkeypatch.setattr(collecting, "feeding", lambda _at, told=told: [told])
        assert len(followers_of(person_id=child.id, at=AT)) == count


def test_the_metrics_tell_how_far_the_feed_is_behind(child, caller):
    def values() -> dict[str, float]:
        return {
            "/".join([s.name, *s.labels.values()]): s.value
            for metric in gauges.read()
            for s in metric.samples
        }

    assert "dancu_feed_lag_seconds" not in values()
    follow(caller, child)
    say(child, {"permanent_residence": NEXT_WARD})
    collect()
    assert values()["dancu_feed_unread"] == 0
    now = system_clock.now()
    FeedState.objects.update(
        marked_statement=FeedState.objects.get().statement + 7,
        marked_at=now - timedelta(minutes=5),
    )
    Webhook.objects.create(
        key="a" * 32,
        contract="student-check",
        client="sgddt",
        address="https://agency.example.vn/",
        state="active",
        told=0,
        next_at=now,
        held_until=now,
        created_at=now,
        failing_since=now - timedelta(hours=1),
    )
    found = values()
    assert found["dancu_feed_unread"] == 7
    assert found["dancu_feed_lag_seconds"] >= 300
    assert found["dancu_webhooks/active"] == found["dancu_webhooks_failing"] == 1
    assert found["dancu_webhook_failing_seconds"] >= 3600
