"""The same form sent twice at the same moment is carried out once."""

from __future__ import annotations

import threading

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from dancu.console import once


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_sendings_waits_and_sees_what_the_first_did() -> None:
    session = SessionStore()
    session.create()
    carried_out: list[int] = []
    seen: list[str] = []

    def send(number: int) -> None:
        own = SessionStore(session.session_key)
        try:
            with once.turn(own, "token"):
                if done := once.done_href(own, "token"):
                    seen.append(done)
                    return
                carried_out.append(number)
                once.remember(own, "token", f"/done/{number}/")
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(carried_out) == 1
    assert seen == [f"/done/{carried_out[0]}/"] * 3
