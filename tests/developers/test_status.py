"""The status tells of real measurements, and of nothing where nothing was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from dancu.developers import announced, jobs, probing, queries, services
from dancu.developers.models import MeasuredDay, Measurement, Part
from dancu.developers.types import Measured
from dancu.kernel.clock import VIETNAM, system_clock
from dancu.operation.config import current
from dancu.operation.postgres.cluster import ephemeral_port
from tests.exchange.serving import served

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)


def measured(*, up: bool = True, ms: float = 5.0, rows: float = 0.0) -> list[Measured]:
    return [
        Measured(Part.EXCHANGE, up, ms if up else None),
        Measured(Part.DATABASE, is_up=True, value=1.0),
        Measured(Part.BATCHES, is_up=True, value=rows),
        Measured(Part.SEAL, is_up=True, value=20.0),
    ]


def page(reader: Client) -> str:
    answer = reader.get(reverse("developers:status"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_measurements_are_added_up_by_day_in_vietnam() -> None:
    midnight = datetime(2026, 11, 22, 0, 0, tzinfo=VIETNAM)
    services.measure(measured=measured(ms=100), at=midnight - timedelta(minutes=1))
    services.measure(measured=measured(ms=10), at=midnight)
    services.measure(measured=measured(up=False), at=midnight + timedelta(minutes=1))
    services.measure(measured=measured(ms=30), at=midnight + timedelta(minutes=2))
    state = queries.states(at=midnight + timedelta(minutes=3))[0]
    before, today = state.days[-2:]
    assert (before.measured, before.up, before.mean) == (1, 1, 100)
    assert (today.measured, today.up, today.mean, today.worst) == (3, 2, 20, 30)
    assert len(state.days) == 90
    assert state.is_up is True
    assert state.share == 0.75


def test_an_old_measurement_says_nothing_of_now() -> None:
    services.measure(measured=measured(), at=AT)
    assert queries.states(at=AT + timedelta(minutes=6))[0].is_up is None


def test_what_is_old_is_forgotten() -> None:
    services.measure(measured=measured(), at=AT)
    services.forget(at=AT + timedelta(days=3))
    assert not Measurement.objects.exists()
    assert MeasuredDay.objects.count() == 4
    services.forget(at=AT + timedelta(days=101))
    assert not MeasuredDay.objects.exists()


def test_the_page_says_how_things_are(reader: Client) -> None:
    assert "Nothing was measured in the last five minutes" in page(reader)
    assert "Nothing has been measured yet" in page(reader)
    at = system_clock()
    services.measure(measured=measured(rows=12_345), at=at)
    said = page(reader)
    assert "Everything works." in said
    assert "12.345 rows wait" in said
    assert "5,0 ms" in said
    services.measure(measured=measured(up=False), at=at + timedelta(seconds=1))
    said = page(reader)
    assert "Something does not work: Answering of questions." in said
    assert said.count("<rect") == 4 * 90


def test_planned_maintenance_is_announced(
    reader: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / announced.MAINTENANCE).write_text(
        "version: 1\nplanned:\n"
        "  - {begins: 2099-12-06T22:00:00, ends: 2099-12-07T02:00:00, parts: [exchange, seal],"
        " text_vi: Nâng cấp., text_en: An upgrade.}\n"
        "  - {begins: 2020-01-01T22:00:00, ends: 2020-01-02T02:00:00, parts: [seal],"
        " text_vi: Đã qua., text_en: Long over.}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(announced, "folder", lambda: tmp_path)
    said = page(reader)
    assert "Planned maintenance" in said
    assert "06/12/2099, 22:00 – 07/12/2099, 02:00" in said
    assert "An upgrade." in said
    assert "Long over." not in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_real_parts_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A process that has just started takes its time over its first answer.
    monkeypatch.setattr(probing, "_SECONDS", 60.0)
    at = system_clock()
    nobody = replace(current(), exchange=replace(current().exchange, port=ephemeral_port()))
    found = {one.part: one for one in probing.probe(nobody, at=at)}
    assert found[Part.EXCHANGE] == Measured(Part.EXCHANGE, is_up=False, value=None)
    assert found[Part.DATABASE].is_up
    assert found[Part.BATCHES] == Measured(Part.BATCHES, is_up=True, value=0.0)
    assert found[Part.SEAL] == Measured(Part.SEAL, is_up=False, value=None)
    with served(tmp_path) as gateway:
        there = replace(current(), exchange=replace(current().exchange, port=gateway.port))
        (first, *_others) = probing.probe(there, at=at)
    assert first.is_up
    assert first.value is not None
    assert first.value > 0


@pytest.mark.django_db(transaction=True)
def test_the_jobs_measure_and_forget() -> None:
    jobs.measure(timestamp=0)
    assert Measurement.objects.count() == 4
    jobs.forget(timestamp=0)
    assert Measurement.objects.count() == 4
