"""What the command line writes, in the reader's language."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from dancu_agent.spool import LinkState, Question
from dancu_agent.spool.types import Counts, State
from dancu_agent.texts import fill, how_long, msg, translator, when

STATES = {
    State.WAITING: msg("waiting"),
    State.SENDING: msg("being sent"),
    State.HELD: msg("held, needs a decision"),
    State.ANSWERED: msg("answered"),
    State.REFUSED: msg("refused"),
}
OUTCOMES = {
    "full_match": msg("everything agrees with the register"),
    "facts_differ": msg("the number is known, but facts differ"),
    "one_candidate": msg("no number given or found; one person fits"),
    "several_candidates": msg("several people fit; more facts are needed"),
    "not_found": msg("nobody in the register fits"),
    "dead": msg("the person is dead"),
    "pid_cancelled": msg("the number was cancelled"),
}
RESULTS = {
    "match": msg("agrees"),
    "close": msg("nearly agrees"),
    "mismatch": msg("differs"),
    "unknown": msg("not known to the register"),
    "yes": msg("yes"),
    "no": msg("no"),
}


class Screen:
    """Standard output and error, and the language they speak."""

    def __init__(self, language: str) -> None:
        """Choose the language."""
        self.language = language
        self.translate = translator(language)

    def say(self, text: str, /, **params: object) -> None:
        """Write a line of result."""
        sys.stdout.write(self.text(text, **params) + "\n")
        sys.stdout.flush()

    def tell(self, text: str, /, **params: object) -> None:
        """Write a line beside the result."""
        sys.stderr.write(self.text(text, **params) + "\n")
        sys.stderr.flush()

    def text(self, text: str, /, **params: object) -> str:
        """Translate, with the values in their places."""
        return fill(text, params, self.translate)

    def json(self, found: Any) -> None:
        """Write a value as JSON."""
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")

    # -- Pieces that several commands show ----------------------------------------------------

    def question(self, question: Question) -> dict[str, Any]:
        """A question as a JSON object, problem in the reader's language."""
        found: dict[str, Any] = {
            "id": question.id,
            "kind": question.kind,
            "state": str(question.state),
            "asked_at": iso(question.asked_at),
            "tries": question.tries,
        }
        if question.file:
            found |= {"file": question.file, "row": question.row}
        if question.reference:
            found["reference"] = question.reference
        if question.problem is not None:
            found["problem"] = question.problem.told(self.translate)
        if question.state is State.WAITING and question.next_try:
            found["next_try_at"] = iso(question.next_try)
        if question.answer is not None:
            found["answer"] = dict(question.answer)
        return found

    def link(self, state: LinkState, now: float) -> dict[str, Any]:
        """The state of the link as a JSON object."""
        if state.since is None or state.problem is None:
            return {"state": "works"}
        return {
            "state": "broken",
            "since": iso(state.since),
            "next_try_at": iso(max(state.until, now)),
            "problem": state.problem.told(self.translate),
        }

    def show_answer(self, question: Question) -> None:
        """An answer in words."""
        answer = question.answer or {}
        outcome = str(answer.get("outcome", ""))
        if outcome:
            self.say("%(word)s", word=self.text(OUTCOMES.get(outcome, outcome)))
        if answer.get("successor") is not None:
            known = (
                msg("Another number took its place.")
                if answer["successor"]
                else msg("No other number took its place.")
            )
            self.say(known)
        attributes = answer.get("attributes")
        for name, value in (attributes if isinstance(attributes, dict) else {}).items():
            self.say("  %(name)s: %(result)s", name=name, result=self._result(value))
        answers = answer.get("answers")
        for each in answers if isinstance(answers, list) else []:
            argument = each.get("years", each.get("unit", ""))
            name = f"{each.get('question')} {argument}".strip()
            said = str(each.get("answer", ""))
            self.say("  %(name)s: %(result)s", name=name, result=self.text(RESULTS.get(said, said)))
        self.say(
            msg("Answer %(id)s under the contract %(contract)s."),
            id=answer.get("id", "-"),
            contract=answer.get("contract", "-"),
        )

    def _result(self, value: Any) -> str:
        told: Mapping[str, Any] = value if isinstance(value, dict) else {"value": value}
        if "result" not in told:
            return str(told.get("value", ""))
        result = str(told["result"])
        word = self.text(RESULTS.get(result, result))
        return f"{word} ({told['reason']})" if told.get("reason") else word

    def show_link(self, state: LinkState, now: float) -> None:
        """Whether the link works; where not, since when and until when the agent waits."""
        if state.since is None or state.problem is None:
            self.say(msg("Link: works"))
            return
        self.say(
            msg("Link: broken since %(since)s (%(long)s); next try in %(next)s"),
            since=when(state.since),
            long=how_long(now - state.since, self.translate),
            next=how_long(max(state.until - now, 0), self.translate),
        )
        self.say("  %(problem)s", problem=state.problem.text(self.translate))

    def show_counts(self, counts: Counts, now: float) -> None:
        """How many wait and since when, how many are done."""
        if counts.waiting and counts.oldest is not None:
            self.say(
                msg("Waiting: %(n)d, the oldest since %(since)s (%(long)s)"),
                n=counts.waiting,
                since=when(counts.oldest),
                long=how_long(now - counts.oldest, self.translate),
            )
        else:
            self.say(msg("Waiting: nothing"))
        if held := counts.by_state.get(State.HELD, 0):
            self.say(msg("  of these held: %(n)d, see `dancu-agent status --list`"), n=held)
        self.say(
            msg("Answered: %(answered)d · refused: %(refused)d"),
            answered=counts.by_state.get(State.ANSWERED, 0),
            refused=counts.by_state.get(State.REFUSED, 0),
        )


def iso(at: float) -> str:
    """An instant as RFC 3339, in the machine's own time."""
    from datetime import datetime

    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
