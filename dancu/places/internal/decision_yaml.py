"""The YAML of a decision file: mappings that know their line, written out and not deep. Pure."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext_noop as _

from dancu.catalogue.files import fastest_loader
from dancu.places.decision_types import Flaw
from dancu.places.errors import DecisionRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: No decision is longer: the reform of 2025, for the whole country, has two megabytes.
LARGEST = 16 * 1024 * 1024
LINE = "\0line"
#: Lists and mappings in each other; a sound file has six.
_DEEPEST = 20
_LARGEST_NUMBER = 2**63
#: A list or mapping without another one in it; what it holds in quotes has no brackets.
_FLAT = re.compile(r"""[\[{](?:"[^"\\\[\]{}\n]*"|[^"'\\\[\]{}#\n])*[\]}]""")
#: What may refer to another place or go deep: marks, other brackets, much indentation.
_SUSPECT = re.compile(r"[&*\[{]|[ \t?:-]{40}")


class _Loader(fastest_loader()):  # type: ignore[misc]
    """Safe YAML whose mappings know their line and refuse a key said twice."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {LINE: node.start_mark.line + 1}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is said twice or is no word", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _or_as_written(make: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Leave as text what only looks like a day or a number: 30 February has a line to be told."""

    def construct(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            found = make(loader, node)
        except ValueError:
            return node.value
        is_huge = isinstance(found, int) and abs(found) >= _LARGEST_NUMBER
        return node.value if is_huge else found

    return construct


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
for _tag in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int"):
    _Loader.add_constructor(_tag, _or_as_written(yaml.SafeLoader.yaml_constructors[_tag]))


def parsed(text: str) -> dict[str, Any]:
    """Return the mapping that the text is, with lines; raises ``DecisionRefused``."""
    if len(text) > LARGEST:
        raise _refused(
            1, _("The file is larger than any decision."), _("Check that it is the right file.")
        )
    try:
        with _without_collecting():
            _require_plain(text)
            data = yaml.load(text, Loader=_Loader)  # noqa: S506 - built on the safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _refused(
            mark.line + 1 if mark else 1,
            _("This is not YAML: %(why)s."),
            _("Check indentation, colons and quotes in this line and the one above."),
            why=getattr(error, "problem", None) or error,
        ) from error
    if not isinstance(data, dict):
        raise _refused(
            1,
            _("The file does not begin with “version”, “number” and the other words of its head."),
            _("Take the example of the guide as a pattern."),
        )
    return data


def _require_plain(text: str) -> None:
    """Refuse what a few bytes could make endless: references, and lists in lists in lists.

    Most files are seen at a glance to have neither; the others are gone through once before.
    """
    if not _SUSPECT.search(_FLAT.sub("", text)):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _refused(
                line,
                _("“*%(name)s” refers to another place of the file."),
                _("Write the value out where it is needed."),
                name=event.anchor,
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _refused(
                line,
                _("Lists stand in lists here, too deep for a decision."),
                _("Take the example of the guide as a pattern."),
            )


def _refused(line: int, message: str, remedy: str, **params: object) -> DecisionRefused:
    return DecisionRefused([Flaw(line, message, remedy, params)])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: half a million nodes live until the end, and none is any."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
