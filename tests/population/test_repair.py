"""People folded again: what the doctor finds is mended by the command that it names."""

from __future__ import annotations

import argparse
import io

import pytest
from django.utils.translation import override

from dancu.audit.models import Event
from dancu.cli import recompute as command
from dancu.operation.errors import OperationError
from dancu.operation.terminal import no_report
from dancu.population import dictionary, repair
from dancu.population.models import Golden, Person, Pid, Statement
from tests.population.services_cast import Family

pytestmark = pytest.mark.usefixtures("sources")


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with override("en"):
        return command.run(parser.parse_args(arguments))


def _disagreeing() -> list[int]:
    return repair.disagreeing(progress=no_report)


def _spoil(person_id: int) -> None:
    key = dictionary.key("religion")
    Golden.objects.filter(person_id=person_id, facet=0).update(overrides={key: ["02", 1, 1, 0]})


def test_all_who_disagree_are_found_and_mended(family: Family, capsys):
    said = list(Statement.objects.values_list("pk", "claims"))
    _spoil(family.son)
    Person.objects.filter(pk=family.wife).update(household="HO-9")

    assert _run("--look") == 1
    assert "2 people differ" in capsys.readouterr().out
    assert _disagreeing() == sorted([family.son, family.wife])

    assert _run("--all-disagreeing") == 0
    assert "2 people folded again; 0 still differ" in capsys.readouterr().out
    assert _disagreeing() == []
    assert _run("--all-disagreeing") == 0
    assert list(Statement.objects.values_list("pk", "claims")) == said
    (event,) = Event.objects.filter(event="people.refolded")
    assert event.detail == {"people": sorted([family.son, family.wife])}


def test_people_are_named_by_key_or_number(family: Family, capsys, monkeypatch):
    pid = Pid.objects.get(person_id=family.wife).pid
    _spoil(family.son)
    _spoil(family.wife)
    assert _run("--key", str(family.son)) == 0
    assert _disagreeing() == [family.wife]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pid}\n"))
    assert _run("-") == 0
    assert _disagreeing() == []
    output = capsys.readouterr()
    assert pid not in output.out + output.err


def test_with_somebody_unknown_nothing_is_changed(family: Family):
    pid = Pid.objects.get(person_id=family.son).pid
    _spoil(family.son)
    with pytest.raises(OperationError, match="number 2 of those given, key 987654"):
        _run(pid, "001085012345", "--key", "987654")
    assert _disagreeing() == [family.son]


@pytest.mark.parametrize("arguments", [(), ("--look", "001085012345"), ("--key", "1", "--look")])
def test_who_is_meant_must_be_said(arguments: tuple[str, ...], capsys):
    assert _run(*arguments) == 2
    assert "name people" in capsys.readouterr().err
