"""Texts written from the list of settings: the sample file and the reference page."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from dancu.operation.config import Setting, section_doc, sections, settings_of

_WIDTH = 96


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(json.dumps(item, ensure_ascii=False) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def sample() -> str:
    """The file ``dancu.toml.sample``: every setting with its meaning, commented out."""
    lines = [
        "# The configuration of dancu. Copy this file to dancu.toml and take away the # before",
        "# what you change. An environment variable (named after each setting) wins over the file.",
        "# `dancu config` shows what is in force. Written by `make docs`.",
    ]
    for section in sections():
        lines += ["", f"# {section_doc(section)}", f"[{section}]"]
        for item in settings_of(section):
            lines += ["", *_comment(item)]
            lines.append(f"#{item.name.partition('.')[2]} = {toml_value(item.default)}")
    return "\n".join(lines) + "\n"


def _comment(item: Setting) -> list[str]:
    wrapped = textwrap.wrap(f"{item.doc} ({item.env})", _WIDTH)
    return [f"# {line}" for line in wrapped]


def settings_page() -> str:
    """The reference page of settings, in Markdown."""
    lines = [
        "# Settings",
        "",
        "One file, `dancu.toml` beside the code (or the file that `DANCU_CONFIG` names), and",
        "environment variables, which win over the file. Everything is checked at the start; an",
        "error names the setting, what is wrong and what to do. `dancu config` prints what is in",
        "force, without secrets; `dancu.toml.sample` is a file to begin with.",
        "",
        "`DANCU_VAR` names the directory of what changes while dancu runs: the embedded database,",
        "secrets, logs. By default it is `var` beside the code.",
    ]
    for section in sections():
        lines += ["", f"## `[{section}]`", "", section_doc(section), ""]
        lines += ["| Setting | Variable | Type | Default | Meaning |", "|---|---|---|---|---|"]
        lines += [_row(item) for item in settings_of(section)]
    return "\n".join(lines) + "\n"


def _row(item: Setting) -> str:
    default = "*(empty)*" if item.default in ("", ()) else f"`{toml_value(item.default)}`"
    return (
        f"| `{item.name}` | `{item.env}` | {item.type_name} | {default} "
        f"| {item.doc.replace('|', chr(92) + '|')} |"
    )
