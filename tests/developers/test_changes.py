"""No change of the interface goes unannounced, and every word of it is there in Vietnamese."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dancu.catalogue import checking
from dancu.catalogue.files import BESIDE_THE_PACKAGE, yaml_of
from dancu.developers import announced, fingerprints, offered, words
from dancu.developers.fingerprints import _bare
from dancu.exchange.api.openapi import VERSION, document
from dancu.exchange.api.types import Operation
from tests.system import messages

SCHEMAS = Path(checking.__file__).parent / "schemas"


def test_what_programs_rely_on_is_as_announced() -> None:
    now, told = fingerprints.fingerprints(), announced.in_force()
    due: dict[str, str | None] = {
        name: mark for name, mark in now.items() if told.get(name) != mark
    }
    due |= dict.fromkeys(told.keys() - now.keys())
    assert not due, (
        "The interface has changed. Tell of it at the top of catalogue/interface_changes.yaml, "
        f"with operations: {json.dumps(due)}"
    )


def test_the_newest_change_has_the_version_of_the_document() -> None:
    newest = announced.changes()[0]
    assert newest.version == VERSION
    assert all(one.kind in words.KINDS for one in announced.changes())


def test_words_may_change_and_shapes_may_not() -> None:
    schema = {
        "type": "object",
        "description": "Old words.",
        "properties": {"title": {"type": "string", "title": "T", "examples": ["x"]}},
    }
    bare = {"type": "object", "properties": {"title": {"type": "string"}}}
    assert _bare(schema) == bare
    assert _bare({**schema, "description": "New words."}) == bare
    assert _bare({**schema, "required": ["title"]}) != bare


@pytest.mark.parametrize(
    ("file", "schema"),
    [(announced.CHANGES, "interface_changes"), (announced.MAINTENANCE, "maintenance")],
)
def test_the_files_fit_their_schemas(file: str, schema: str) -> None:
    written = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    data = json.loads(json.dumps(yaml_of(BESIDE_THE_PACKAGE / file), default=str))
    Draft202012Validator.check_schema(written)
    Draft202012Validator(written).validate(data)


def test_every_operation_can_be_read_in_vietnamese() -> None:
    known = messages.translations()
    every = [one for service in offered.services() for one in service.operations]
    missing = sorted({text for one in every for text in _texts(one) if not known.get(text)})
    assert missing == [], "put them into dancu/developers/locale"


def _texts(operation: Operation) -> Iterator[str]:
    yield operation.summary
    if operation.text:
        yield operation.text
    for parameter in operation.parameters:
        yield parameter.text
    for schema in operation.takes.values():
        yield from _described(schema)
    for shape in operation.replies.values():
        yield shape.text
        yield from shape.headers.values()
        for schema in shape.media.values():
            yield from _described(schema)


def _described(value: Any, *, is_names: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            if name == "description" and not is_names:
                yield below
            else:
                yield from _described(below, is_names=not is_names and name == "properties")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _described(one)


def test_the_document_names_every_operation_once() -> None:
    named = set(fingerprints.fingerprints()) - {fingerprints.PROBLEM}
    paths = document("")["paths"].values()
    assert named == {one["operationId"] for methods in paths for one in methods.values()}
