"""The agent's words in Vietnamese, by their English msgid."""

from __future__ import annotations

from dancu_agent.vietnamese import commands, feed, line, questions, usage

VIETNAMESE: dict[str, str] = {
    **commands.WORDS,
    **feed.WORDS,
    **line.WORDS,
    **questions.WORDS,
    **usage.WORDS,
}
