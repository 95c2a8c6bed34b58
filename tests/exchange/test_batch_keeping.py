"""Batches beside each other: faults, clients who count at once, files lost, and who did what."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from dancu.audit.models import Event
from dancu.exchange.batches import output, queries, running, services, slices, spool
from dancu.exchange.batches.errors import BatchGone, FileForgotten, TooManyWaiting
from dancu.exchange.batches.models import Batch
from dancu.exchange.types import Caller
from dancu.kernel.clock import FixedClock
from tests.disclosure.conftest import AT
from tests.exchange.test_batch_trials import HUONG, NOBODY, developer, send, submit  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    return tmp_path


def test_a_batch_at_which_something_breaks_keeps_nobody_else_waiting(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = submit(caller, NOBODY), submit(caller, NOBODY, 3)
    real = slices.Slicer.compare

    def compare(self: slices.Slicer, *rest: object) -> object:
        if self._batch.pk == broken.pk:
            raise ValueError("what nobody foresaw")
        return real(self, *rest)

    monkeypatch.setattr(slices.Slicer, "compare", compare)
    with pytest.raises(ValueError, match="foresaw"):
        running.work(clock=FixedClock(AT))
    broken.refresh_from_db()
    other.refresh_from_db()
    assert (broken.state, broken.done, other.state, other.done) == ("waiting", 0, "done", 3)
    monkeypatch.undo()


def test_clients_who_count_at_the_same_time_get_no_more_places(
    developer: Caller,  # noqa: F811
) -> None:
    shown = [send(developer, HUONG) for _ in range(4)]
    refused: list[Exception] = []

    def confirm(number: int) -> None:
        reference = shown[number].reference
        services.confirm(reference=reference, caller=developer, purpose="trial", at=AT)

    def beside() -> None:
        try:
            confirm(3)
        except TooManyWaiting as error:
            refused.append(error)
        finally:
            connection.close()

    confirm(0)
    confirm(1)
    other = threading.Thread(target=beside)
    with transaction.atomic():
        confirm(2)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    assert len(refused) == 1
    assert Batch.objects.filter(state="waiting").count() == services.SANDBOX_WAITING


def test_what_is_deleted_while_it_is_confirmed_is_gone(caller: Caller) -> None:
    shown = send(caller, NOBODY)
    told: list[Exception] = []

    def beside() -> None:
        try:
            services.confirm(
                reference=shown.reference, caller=caller, purpose="school_enrolment", at=AT
            )
        except BatchGone as error:
            told.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=beside)
    with transaction.atomic():
        services.discard(reference=shown.reference, at=AT)
        other.start()
        other.join(0.3)
    other.join(30)
    assert len(told) == 1


def test_answers_whose_questions_are_gone_are_not_handed_out_by_half(
    caller: Caller, folder: Path
) -> None:
    batch = submit(caller, NOBODY)
    running.work(clock=FixedClock(AT))
    batch.refresh_from_db()
    spool.path_of(batch.reference).unlink()
    for kind in output.FORMATS:
        with pytest.raises(FileForgotten):
            output.content(batch, format_=kind)
    with pytest.raises(FileForgotten):
        queries.answered(batch)


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    shown = services.file_name(name=f"C:\\a\\Nguyễn{'x' * 300}\u202e lần 17.csv")
    assert len(shown) == 120
    assert (shown[:6], shown[-11:]) == ("Nguyễn", " lần 17.csv")
    assert services.file_name(name="a/..") == "-"
    assert services.file_name(name="\u202e") == "-"


def test_the_log_tells_who_had_a_batch_asked_stopped_and_fetched(caller: Caller) -> None:
    batch = submit(caller, NOBODY)
    services.stop(reference=batch.reference, at=AT, by="x", caller=caller)
    services.resume(reference=batch.reference, at=AT, caller=caller)
    running.work(clock=FixedClock(AT))
    batch.refresh_from_db()
    list(services.noted(pieces=output.content(batch, format_="csv"), batch=batch, at=AT))
    events = Event.objects.filter(detail__batch=batch.reference).order_by("id")
    assert [one.event.removeprefix("exchange.batch-") for one in events] == [
        "received", "confirmed", "stopped", "resumed", "fetched",
    ]  # fmt: skip
    assert {one.detail["client"] for one in events} == {caller.client}


def test_the_log_tells_who_sent_what_was_never_asked(caller: Caller) -> None:
    shown = send(caller, NOBODY)
    services.discard(reference=shown.reference, caller=caller, at=AT)
    forgotten = send(caller, NOBODY)
    services.forget(at=AT + services.KEPT_UNCONFIRMED * 2)
    for batch in (shown, forgotten):
        events = Event.objects.filter(detail__batch=batch.reference).order_by("id")
        assert [(one.event, one.detail["rows"]) for one in events] == [
            ("exchange.batch-received", batch.rows),
            ("exchange.batch-discarded", batch.rows),
        ]
