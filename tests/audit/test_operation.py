"""The platform makes the key, seals by itself, and says when the seal is late."""

from __future__ import annotations

import stat

import pytest
from procrastinate.contrib.django import app

from dancu.audit import gauges
from dancu.audit.doctor import log_is_sealed
from dancu.audit.internal import keys
from dancu.audit.models import TreeHead
from dancu.audit.queries import last_check
from dancu.audit.services import seal
from dancu.audit.setup import make_signing_key
from dancu.audit.state import seal_state
from dancu.audit.verifying import check_and_record
from dancu.disclosure.jobs import check_logs, seal_logs
from dancu.kernel.clock import system_clock
from dancu.operation.setup_steps import ordered
from tests.audit.conftest import AT, add_records, later


def test_setting_up_makes_the_key_once(db, settings, tmp_path):
    settings.AUDIT_KEYS = tmp_path / "keys"
    (step,) = [item for item in ordered() if item.name == "audit.key"]
    assert not step.is_done()
    make_signing_key(lambda *_said: None)
    assert step.is_done()
    assert stat.S_IMODE(keys.folder().stat().st_mode) == 0o700


def test_sealing_runs_twice_a_minute_before_other_jobs():
    periodic = {p.task.name: p for p in app.periodic_registry.periodic_tasks.values()}
    assert periodic["audit.seal-logs"].cron == "* * * * * */30"
    assert periodic["audit.seal-logs"].configure_kwargs["priority"] > 0
    assert "audit.check-logs" in periodic


def test_the_jobs_seal_and_check(transactional_db, settings, tmp_path):
    settings.AUDIT_KEYS = tmp_path / "keys"
    make_signing_key(lambda *_said: None)
    add_records(20)
    seal_logs(timestamp=0)
    assert TreeHead.objects.latest("id").size == 20
    check_logs(timestamp=0)
    found = last_check()
    assert found is not None
    assert (found.size, found.findings) == (20, ())


def test_the_doctor_wants_a_key_a_head_and_a_fresh_one(log):
    assert log_is_sealed().verdict == "warning"
    seal(at=AT)
    assert "older than 2 minutes" in log_is_sealed().detail
    seal(at=system_clock.now())
    assert log_is_sealed().verdict == "good"
    (path,) = keys.folder().glob("*.pem")
    path.chmod(0o644)
    assert log_is_sealed().verdict == "bad"
    path.unlink()
    assert "--lost" in log_is_sealed().remedy


def test_the_doctor_repeats_what_the_last_check_found(log, django_db_blocker):
    from tests.audit.test_verifying import RECORDS, run, tampering

    numbers = add_records(5)
    seal(at=system_clock.now())
    with tampering(RECORDS):
        run(f"DELETE FROM {RECORDS} WHERE id = %s", numbers[2])
    check_and_record(at=later(1))
    finding = log_is_sealed()
    assert finding.verdict == "bad"
    assert str(numbers[2]) in finding.detail


def test_size_and_age_are_in_the_metrics(log):
    assert [metric.name for metric in gauges.read()] == ["dancu_seal_size"]
    add_records(7)
    seal(at=system_clock.now())
    size, age = gauges.read()
    assert size.samples[0].value == 7
    assert 0 <= age.samples[0].value < 60


def test_the_state_counts_what_waits(log):
    add_records(3)
    assert seal_state().waiting == 3
    seal(at=AT)
    state = seal_state()
    assert (state.waiting, state.size) == (0, 3)
    assert not state.is_late(later(1.9))
    assert state.is_late(later(2.1))


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_was_never_written_is_refused(version):
    from dancu.audit.sources import source

    for name in ("access", "event"):
        with pytest.raises(ValueError, match="version"):
            source(name).entry(version, (), bytes(32))
