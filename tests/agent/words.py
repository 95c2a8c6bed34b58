"""Collects the words of the agent that its user reads."""

from __future__ import annotations

import ast
from pathlib import Path

import dancu_agent


def msgids() -> dict[str, str]:
    """Each text that is marked with ``msg``, and the file it stands in."""
    found = {}
    for path in sorted(Path(dancu_agent.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "msg":
                text = node.args[0]
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}"
                found[text.value] = path.name
    return found
