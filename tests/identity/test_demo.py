"""Demo accounts."""

from __future__ import annotations

import stat

from dancu.agencies.models import Officer
from dancu.catalogue import roles
from dancu.identity import demo, services
from dancu.identity.models import Account
from dancu.synthesis import anchors
from tests.identity.conftest import AT


def test_there_is_an_account_for_each_role_and_its_password_opens_it(house, tmp_path):
    made = demo.create_demo(at=AT, var=tmp_path)
    assert {o.role for o in demo.OFFICERS} == {
        r.name for r in roles().values() if r.kind == "officer"
    }
    for item in made:
        account = services.sign_in(
            username=item.username, password=item.password, address="10.0.0.1", at=AT
        )
        assert account.kind == "officer"
        assert item.role
    assert len({item.password for item in made}) == len(made) == len(demo.OFFICERS)


def test_the_passwords_are_the_owners_to_read(house, tmp_path):
    demo.create_demo(at=AT, var=tmp_path)
    mode = (tmp_path / demo.FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_making_them_again_changes_nothing(house, tmp_path):
    first = demo.create_demo(at=AT, var=tmp_path)
    assert demo.is_made(var=tmp_path)
    assert demo.create_demo(at=AT, var=tmp_path) == first
    assert Officer.objects.count() == len(demo.OFFICERS)


def test_a_lost_file_means_new_passwords(house, tmp_path):
    first = demo.create_demo(at=AT, var=tmp_path)
    (tmp_path / demo.FILE).unlink()
    assert not demo.is_made(var=tmp_path)
    second = demo.create_demo(at=AT, var=tmp_path)
    assert {item.username for item in first} == {item.username for item in second}
    assert not {item.password for item in first} & {item.password for item in second}
    assert Account.objects.count() == len(second)


def test_a_new_database_keeps_the_passwords_of_the_file(house, tmp_path):
    first = demo.create_demo(at=AT, var=tmp_path)
    Account.objects.all().delete()
    Officer.objects.all().delete()
    assert demo.create_demo(at=AT, var=tmp_path) == first


def test_the_demo_citizen_is_the_mother_of_every_city():
    assert demo.CITIZENS["citizen"] == (anchors.MOTHER.pid, anchors.MOTHER.name)


def test_passwords_are_easy_to_type():
    password = demo.new_password()
    assert password.isascii()
    assert password == password.lower()
    assert len(password) >= 10
