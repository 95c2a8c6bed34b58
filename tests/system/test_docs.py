"""What the documentation says must be there: links, commands, settings, functions, languages."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from dancu.catalogue.loading import catalogue
from dancu.operation.config import ROOT, sections, settings_of

DOCS = ROOT / "docs"
#: Written by `make bench`, which takes longer than a test may.
MADE_ELSEWHERE = {DOCS / "benchmarks.md"}
LARGEST_PICTURE = 150_000

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|[\s`/])dancu ([a-z]+(?:-[a-z]+)*)\b([^`\n]*)")
_MAKE = re.compile(r"(?:^|[`\s])make ([a-z]+)(?=[`\s]|$)", re.MULTILINE)
_FUNCTION = re.compile(r"`(dancu/[\w/]+\.py)(?::(\w+))?`")
_FORBIDDEN = (
    re.compile(r"\b(?:TO[D]O|FIX[M]E|T[B]D)\b|lorem [i]psum", re.IGNORECASE),
    re.compile(r"\bfor [n]ow\b|\bplace[h]older\b", re.IGNORECASE),
    re.compile(r"--(?:extra-)?index-[u]rl|\bpyp[i]\.org\b"),
    re.compile(r"(?<![\w.])/(?:root|work|home/\w+)/"),
    re.compile(r"\b(?:AI|LLM|GPT)\b"),
)


def _pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "catalogue" / "README.md"])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _prose(path: Path) -> str:
    return _FENCE.sub("", _text(path))


def _anchor(heading: str) -> str:
    words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return words.strip().replace(" ", "-")


def _targets(page: Path) -> list[tuple[str, Path, str]]:
    """The links of a page that lead to files: as written, the file, the anchor."""
    found = []
    for link in _LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _hash, anchor = link.partition("#")
        found.append((link, (page.parent / path).resolve() if path else page, anchor))
    return found


@pytest.mark.parametrize("page", _pages(), ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link, target, anchor in _targets(page):
        if target in MADE_ELSEWHERE:
            continue
        headings = _HEADING.findall(_prose(target)) if target.suffix == ".md" else []
        if not target.exists() or (anchor and anchor not in map(_anchor, headings)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached_from_the_map() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [target for _link, target, _anchor_ in _targets(page)]
    assert set(DOCS.rglob("*.md")) - reached - MADE_ELSEWHERE == set()


def test_every_picture_is_shown_small_and_described() -> None:
    shown = {target for page in _pages() for _link, target, _anchor_ in _targets(page)}
    pictures = set((DOCS / "screenshots").glob("*.png"))
    assert {path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE} == set()
    assert {path.name for path in shown if path.suffix == ".png"} == {p.name for p in pictures}
    assert all(not re.search(r"!\[\s*\]\(", _text(page)) for page in _pages())


def _parsers() -> dict[str, set[str]]:
    from dancu.cli.main import iterate_commands

    return {name: _options(parser) for name, _module, parser in iterate_commands()}


def _options(parser: argparse.ArgumentParser) -> set[str]:
    """The options of a command and of what is below it."""
    found: set[str] = set()
    for action in parser._actions:
        found |= {*action.option_strings}
        if isinstance(action, argparse._SubParsersAction):
            found |= {option for below in action.choices.values() for option in _options(below)}
    return found


def test_commands_that_are_named_exist() -> None:
    known = _parsers()
    wrong = []
    for page in _pages():
        for command, rest in _COMMAND.findall(_commands_of(page)):
            if command not in known:
                wrong.append(f"{_name(page)}: dancu {command}")
                continue
            options = re.findall(r"(?<=\s)--[a-z-]+", rest.split("#")[0])
            wrong += [
                f"{_name(page)}: dancu {command} {option}"
                for option in options
                if option not in known[command] | {"--help"}
            ]
    assert wrong == []


def _commands_of(page: Path) -> str:
    """What stands in code: fenced blocks of the shell and words between backquotes."""
    text = _text(page)
    blocks = [body for _indent, language, body in _FENCE.findall(text) if language in {"sh", ""}]
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", _FENCE.sub("", text))])


def test_targets_of_make_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    named = {name for page in _pages() for name in _MAKE.findall(_commands_of(page))}
    assert named <= targets
    assert targets <= named | set(re.findall(r"make ([a-z]+)", _prose(DOCS / "index.md")))


def test_every_command_and_setting_is_documented() -> None:
    commands, settings = (_text(DOCS / "reference" / f"{n}.md") for n in ("commands", "settings"))
    assert [name for name in _parsers() if f"## `dancu {name}`" not in commands] == []
    items = [item for section in sections() for item in settings_of(section)]
    missing = [i.name for i in items if f"`{i.name}`" not in settings or i.env not in settings]
    assert missing == []


def test_the_reference_follows_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dancu.cli.main", "docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_settings_that_are_named_exist() -> None:
    items = [item for section in sections() for item in settings_of(section)]
    beside = {"DANCU_VAR", "DANCU_CONFIG", "DANCU_CATALOGUE", "DANCU_CHROMIUM"}
    known = {item.env for item in items} | beside
    named = {name for page in _pages() for name in re.findall(r"\bDANCU_[A-Z_]+\b", _text(page))}
    assert named <= known
    # Actions of the catalogue are written the same way.
    keys = {item.name for item in items} | {*catalogue().actions}
    dotted = "|".join(map(re.escape, sections()))
    for page in _pages():
        for name in re.findall(rf"`((?:{dotted})\.[a-z_]+)`", _prose(page)):
            assert name in keys or name.endswith((".yaml", ".md", ".py", ".log")), (
                f"{_name(page)}: {name}"
            )


def test_functions_on_the_way_of_a_request_exist() -> None:
    text = _text(DOCS / "explanation" / "one-request.md")
    named = _FUNCTION.findall(text)
    assert len(named) > 25
    for file, function in named:
        path = ROOT / file
        assert path.exists(), file
        if function:
            assert function in _defined(path), f"{file}:{function}"
    for file in re.findall(r"`(\w+\.sql)`", text):
        assert (ROOT / "dancu" / "population" / "internal" / "sql" / file).exists(), file


def _defined(path: Path) -> set[str]:
    body = ast.parse(_text(path)).body
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))} | {
        alias.asname or alias.name
        for n in body
        if isinstance(n, ast.ImportFrom)
        for alias in n.names
    }


def test_the_example_of_two_times_is_true() -> None:
    text = _text(DOCS / "explanation" / "architecture.md")
    blocks = [body for _indent, language, body in _FENCE.findall(text) if language == "python"]
    assert len(blocks) == 1
    exec(compile(blocks[0], "architecture.md", "exec"), {})  # noqa: S102 - our own example


def test_the_picture_of_the_floors_is_the_contract() -> None:
    text = _text(DOCS / "explanation" / "architecture.md")
    table = text.split("## Floors", 1)[1].split("## ", 1)[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    drawn = [sorted(re.findall(r"`(\w+)`", row)) for row in rows]
    contract = _text(ROOT / "pyproject.toml").split("layers = [", 1)[1].split("]", 1)[0]
    layers = [sorted(re.findall(r"\w+", line)) for line in re.findall(r'"([^"]+)"', contract)]
    assert drawn == layers


def test_both_readmes_have_the_same_shape() -> None:
    english, vietnamese = _text(ROOT / "README.md"), _text(ROOT / "README.vi.md")
    shapes = [
        re.findall(r"^(#+) ", _FENCE.sub("", text), re.MULTILINE) for text in (english, vietnamese)
    ]
    assert shapes[0] == shapes[1]
    for pattern in (r"`ward`|`registrar`|`province`|`citizen`", r"^\d\. ", r"^```"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, vietnamese)]
        assert counts[0] == counts[1], pattern


def test_demo_accounts_and_the_family_are_as_documented() -> None:
    from dancu.identity.demo import CITIZENS, OFFICERS
    from dancu.synthesis.anchors import FATHER, GRANDMOTHER, MOTHER, SON

    quickstart = _text(DOCS / "tutorials" / "quickstart.md")
    table = quickstart.split("| User name |", 1)[1].split("\n\n", 1)[0]
    names = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert names == [officer.username for officer in OFFICERS] + list(CITIZENS)
    assert MOTHER.name in quickstart
    for readme in (_text(ROOT / "README.md"), _text(ROOT / "README.vi.md")):
        assert FATHER.name in readme
        assert MOTHER.name in readme
        assert SON.pid in readme
    assert GRANDMOTHER.birth_date == "1944"


def test_every_decision_is_in_the_list() -> None:
    folder = DOCS / "decisions"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", _text(folder / "index.md"), re.MULTILINE
    )
    files = sorted(path.name for path in folder.glob("0*.md"))
    assert [file for _number, file, _title in listed] == files
    for position, (number, file, title) in enumerate(listed, start=1):
        assert int(number) == position
        assert _text(folder / file).startswith(f"# {number} {title}\n")


@pytest.mark.parametrize("page", _pages(), ids=_name)
def test_nothing_unfinished_or_private_is_said(page: Path) -> None:
    found = [match[0] for pattern in _FORBIDDEN for match in pattern.finditer(_text(page))]
    assert found == []


def test_the_licence_and_the_notices_are_there() -> None:
    assert "Apache License" in _text(ROOT / "LICENSE")
    notice = _text(ROOT / "NOTICE")
    for words in ("vietnamadminunits", "Unicode", "Be Vietnam Pro", "Inter", "htmx", "names"):
        assert words in notice
    vendor = ROOT / "dancu" / "design" / "static" / "design" / "vendor"
    assert all(f"vendor/{folder.name}" in notice for folder in vendor.iterdir())
