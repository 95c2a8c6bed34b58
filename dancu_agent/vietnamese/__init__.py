"""The agent's words in Vietnamese, by their English msgid."""

from __future__ import annotations

from dancu_agent.vietnamese import commands, line, questions, usage

VIETNAMESE: dict[str, str] = {
    **commands.WORDS,
    **line.WORDS,
    **questions.WORDS,
    **usage.WORDS,
}
