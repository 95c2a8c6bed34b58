"""The record is on disk before the answer: killed in between, it is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import psycopg
import pytest
from django.db import connection

from tests.disclosure.conftest import new_person, register  # noqa: F401 - the fixture

#: Dies at the moment at which the door has its answer and would hand it out.
CHILD = """
import os, signal
import django
django.setup()
from datetime import UTC, datetime
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_DATABASE"]
from dancu.access.types import Actor
from dancu.disclosure import services
from dancu.disclosure.internal.gate import Grant
from dancu.disclosure.services import disclosing

real = Grant.record
def die(*args, **kwargs):
    real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
Grant.record = die
officer = Actor(kind="officer", name="n", account_id=1, roles=frozenset({"ward_officer"}),
                jurisdictions=frozenset({"26740"}))
services.disclose(actor=officer, purpose="residence_registration", case="KILLED",
                  subjects=[int(os.environ["PERSON"])], attributes=["full_name"],
                  at=datetime(2026, 11, 2, 9, tzinfo=UTC))
print("answered")
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_record_and_answer_the_record_is_there(register):  # noqa: F811
    person = new_person()
    settings = connection.settings_dict
    port = settings["PORT"] or "5432"
    address = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{port}"
        f"/{settings['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "dancu.house.settings",
        "TEST_DATABASE": settings["NAME"],
        "PERSON": str(person.id),
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert "answered" not in done.stdout
    with psycopg.connect(address) as other:
        rows = other.execute(
            "SELECT person_id, refusal FROM disclosure_accessrecord WHERE case_number = 'KILLED'"
        ).fetchall()
    assert rows == [(person.id, "")]


def test_the_record_waits_for_the_disk_even_where_the_server_would_not(register):  # noqa: F811
    from dancu.disclosure import services
    from tests.disclosure.conftest import AT, officer

    person = new_person()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    seen = []

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "disclosure_accessrecord" in sql and "INSERT" in sql:
            with connection.connection.cursor() as plain:
                plain.execute("SHOW synchronous_commit")
                seen.append(plain.fetchone()[0])
        return result

    try:
        with connection.execute_wrapper(watch):
            services.disclose(
                actor=officer(),
                purpose="residence_registration",
                case="HS-1",
                subjects=[person.id],
                attributes=["full_name"],
                at=AT,
            )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
    assert seen == ["on"]
