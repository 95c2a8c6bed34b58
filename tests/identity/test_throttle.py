"""Whoever tries passwords waits; whose name they try does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dancu.audit.models import Event
from dancu.identity import services, throttle
from dancu.identity.errors import SignInFailed, TooManySignIns
from dancu.identity.models import Throttle
from tests.identity.conftest import AT, PASSWORD

OFFICE, ELSEWHERE = "10.0.0.1", "10.9.9.9"


def sign_in(at=AT, password="", address=OFFICE, username="ward"):
    return services.sign_in(username=username, password=password, address=address, at=at)


def guess(times, **more):
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in(**more)


def many_strangers(failures, at=AT):
    """So many failures from as many addresses as it takes, each within its patience."""
    for number in range(failures):
        guess(1, at=at, address=f"10.1.{number // 4}.1")


def test_after_failures_the_wait_grows_and_says_how_long(officer_account):
    guess(throttle.FREE["pair"] + 1)
    with pytest.raises(TooManySignIns) as refused:
        sign_in(password=PASSWORD)
    assert refused.value.params["wait"] in {"10 giây", "10 seconds"}
    with pytest.raises(TooManySignIns):
        sign_in(AT + timedelta(seconds=9), PASSWORD)
    sign_in(AT + timedelta(seconds=10), PASSWORD)
    assert not Throttle.objects.filter(key__startswith="pair:").exists()
    assert not Throttle.objects.filter(key__startswith="account:").exists()
    events = list(Event.objects.order_by("id").values_list("event", flat=True))
    assert events[-2:] == ["sign-in.throttled", "sign-in.done"]


def test_a_stranger_who_knows_the_name_keeps_nobody_out(officer_account):
    guess(throttle.FREE["pair"] + 1, address=ELSEWHERE)
    with pytest.raises(TooManySignIns):
        sign_in(address=ELSEWHERE)
    assert sign_in(password=PASSWORD) == officer_account


def test_a_patient_stranger_adds_nothing_up(officer_account):
    """For two days somebody fails as often as their own address lets them."""
    at, failures = AT, 0
    while at < AT + timedelta(days=2):
        try:
            sign_in(at, address=ELSEWHERE)
        except SignInFailed:
            failures += 1
        except TooManySignIns:
            at += timedelta(minutes=5)
    assert failures > throttle.FREE["account"]
    assert sign_in(at, PASSWORD, address="10.7.7.7") == officer_account


def test_an_account_tried_from_many_addresses_is_slowed_down_elsewhere(officer_account):
    sign_in(password=PASSWORD)
    many_strangers(throttle.FREE["account"] + 1)
    with pytest.raises(TooManySignIns):
        sign_in(password=PASSWORD, address="10.7.7.7")
    assert sign_in(password=PASSWORD) == officer_account, "its own office is spared"


def test_an_address_is_known_for_a_time_only(officer_account):
    sign_in(password=PASSWORD)
    later = AT + throttle.KNOWN_FOR
    many_strangers(throttle.FREE["account"] + 1, at=later)
    with pytest.raises(TooManySignIns):
        sign_in(later, PASSWORD)


def test_names_that_do_not_exist_are_slowed_down_too(house):
    guess(throttle.FREE["pair"] + 1, username="nobody")
    with pytest.raises(TooManySignIns):
        sign_in(username="nobody")


def test_an_address_that_tries_many_names_is_slowed_down(house):
    for number in range(throttle.FREE["address"] + 1):
        guess(1, username=f"n{number}")
    with pytest.raises(TooManySignIns):
        sign_in(username="new")
    guess(1, username="new", address=ELSEWHERE)


def test_failures_are_forgotten_after_a_time(officer_account):
    guess(throttle.FREE["pair"])
    guess(throttle.FREE["pair"], at=AT + throttle.FORGOTTEN_AFTER + timedelta(seconds=1))
    assert Throttle.objects.get(key__startswith="pair:").failures == throttle.FREE["pair"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "", True),
        ("no address", "no address", True),
    ],
)
def test_a_network_of_addresses_counts_as_one(one, other, same):
    assert (throttle.network_of(one) == throttle.network_of(other)) is same
    assert len(throttle.keys_of("x", one).address) <= 80


@pytest.mark.parametrize(
    ("kind", "failures", "seconds"),
    [
        ("pair", 4, 0),
        ("pair", 5, 10),
        ("pair", 7, 40),
        ("pair", 500, 900),
        ("address", 30, 0),
        ("address", 31, 10),
        ("account", 100, 0),
        ("account", 101, 10),
    ],
)
def test_delays_double_up_to_a_quarter_of_an_hour(kind, failures, seconds):
    assert throttle.delay(kind, failures) == timedelta(seconds=seconds)
