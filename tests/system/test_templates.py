"""Every template can be rendered, and every page has a title."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader_tags import BlockNode, ExtendsNode

from dancu.operation.config import ROOT

TEMPLATES = sorted(
    str(path.relative_to(folder))
    for folder in (ROOT / "dancu").glob("*/templates")
    for path in folder.rglob("*.html")
)
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son\w+=|"
    r"javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str) -> None:
    engines["django"].get_template(name)


def _parent(name: str) -> str:
    """The template that a template extends by name; nothing when by a variable or not at all."""
    nodes = engines["django"].get_template(name).template.nodelist
    for node in nodes.get_nodes_by_type(ExtendsNode):
        parent = node.parent_name.var
        return parent if isinstance(parent, str) else ""
    return ""


def _is_layout(name: str) -> bool:
    return "/layouts/" in name or name == "design/base.html"


PARENTS = {_parent(name) for name in TEMPLATES}
PAGES = [
    name for name in TEMPLATES if _parent(name) and name not in PARENTS and not _is_layout(name)
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title(name: str) -> None:
    blocks: set[str] = set()
    step = name
    while step and not _is_layout(step):
        nodes = engines["django"].get_template(step).template.nodelist
        blocks |= {node.name for node in nodes.get_nodes_by_type(BlockNode)}
        step = _parent(step)
    assert "title" in blocks, f"{name} gives no title"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name: str) -> None:
    # The content security policy forbids it, so it would not work either.
    origin = engines["django"].get_template(name).template.origin.name
    found = INLINE.search(re.sub(r"{#.*?#}", "", Path(origin).read_text(encoding="utf-8")))
    assert found is None, f"{name}: {found[0] if found else ''}"
