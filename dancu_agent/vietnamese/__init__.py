"""The agent's words in Vietnamese, by their English msgid."""

from __future__ import annotations

from dancu_agent.vietnamese import commands, line, questions

VIETNAMESE: dict[str, str] = {**commands.WORDS, **line.WORDS, **questions.WORDS}
