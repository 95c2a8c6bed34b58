"""The interface is complete in Vietnamese and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps

from dancu.operation.config import ROOT
from tests.system import messages

PLACE = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|{(\w*)}")
FILES = sorted((ROOT / "dancu").glob("*/locale/vi/LC_MESSAGES/django.po"))


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    messages.import_everything()
    return messages.translations()


@pytest.mark.parametrize("room", messages.rooms(), ids=lambda room: room.name)
def test_every_message_has_a_vietnamese_translation(room: Path, known: dict[str, str]) -> None:
    found = [
        *messages.in_templates(room),
        *messages.in_code(room),
        *messages.in_error_classes(room),
        *messages.in_field_errors(room),
    ]
    missing = sorted({f"{text!r} ({where})" for text, where in found if not known.get(text)})
    assert missing == []


def test_each_kind_of_evidence_is_said_in_words(known: dict[str, str]) -> None:
    """A citizen reads it beside each fact, in Vietnamese."""
    from dancu.console.words import CHOSEN_BY_HAND
    from dancu.disclosure.words import EVIDENCE
    from dancu.population.setup import EVIDENCE_KINDS

    kinds = {*EVIDENCE_KINDS, *CHOSEN_BY_HAND}
    assert {kind for kind in kinds if not known.get(EVIDENCE.get(kind, ""))} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parents[3].name)
def test_translations_keep_the_places_for_values(path: Path) -> None:
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale="vi")
    wrong = []
    for message in catalogue:
        if not message.id or not message.string:
            continue
        # In a plural the last form is the one that Vietnamese has.
        source = message.id[-1] if isinstance(message.id, tuple) else message.id
        targets = message.string if isinstance(message.string, tuple) else (message.string,)
        wrong += [
            f"{source!r} → {target!r}"
            for target in targets
            if set(PLACE.findall(source)) != set(PLACE.findall(target))
        ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parents[3].name)
def test_a_file_has_no_message_twice_and_none_fuzzy(path: Path) -> None:
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    contexts = re.search(r"^msgctxt", path.read_text(encoding="utf-8"), re.MULTILINE)
    if not contexts:
        assert sorted({item for item in ids if ids.count(item) > 1}) == []
    assert "#, fuzzy" not in path.read_text(encoding="utf-8")


def test_no_word_of_a_package_stands_before_ours(known: dict[str, str]) -> None:
    """Django looks in the packages first: there “name” is “Tên”, wherever it stands."""
    theirs: dict[str, str] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / "locale" / "vi" / "LC_MESSAGES" / "django.mo"
        if not config.name.startswith("dancu.") and path.exists():
            with path.open("rb") as stream:
                found = read_mo(stream)
            theirs |= {one.id: one.string for one in found if isinstance(one.id, str)}
    assert theirs
    assert {
        text for text, said in known.items() if text and theirs.get(text, said) not in {"", said}
    } == set()
