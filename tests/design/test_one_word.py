"""One English word has one Vietnamese word, whatever room says it: Django merges the catalogues."""

from __future__ import annotations

from collections import defaultdict

from babel.messages.pofile import read_po

from dancu.operation.config import ROOT


def test_no_two_rooms_translate_the_same_words_differently() -> None:
    found: dict[object, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted((ROOT / "dancu").glob("*/locale/vi/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                one = message.id if isinstance(message.id, str) else message.id[0]
                said = message.string if isinstance(message.string, str) else message.string[0]
                if one and said:
                    found[message.context, one][said].add(path.parents[3].name)
    different = {key: dict(words) for key, words in found.items() if len(words) > 1}
    assert different == {}
