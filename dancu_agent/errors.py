"""Errors that are told to the user: which field, what is wrong, why, and what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from dancu_agent.texts import Translate, fill, untranslated

FAILED = 1
WRONG_USE = 2
WAITING = 75
"""Exit code of a question that waits: the same as EX_TEMPFAIL of sysexits."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, as it is kept in the spool and shown in either language.

    ``what``, ``why`` and ``remedy`` are msgids with ``%(name)s`` places for ``params``.
    """

    code: str
    what: str
    why: str = ""
    remedy: str = ""
    field: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    def text(self, translate: Translate = untranslated) -> str:
        """All of it in one line, with what to do after an arrow."""
        told = self.told(translate)
        line = f"{told['field']}: {told['what']}" if self.field else told["what"]
        line = f"{line} {told['why']}" if told["why"] else line
        return f"{line} → {told['remedy']}" if told["remedy"] else line

    def told(self, translate: Translate = untranslated) -> dict[str, str]:
        """The parts in the reader's language."""
        return {
            "code": self.code,
            "field": self.field,
            "what": fill(self.what, self.params, translate),
            "why": fill(self.why, self.params, translate),
            "remedy": fill(self.remedy, self.params, translate),
        }

    def kept(self) -> dict[str, Any]:
        """The form in which the spool keeps it."""
        return {
            "code": self.code,
            "what": self.what,
            "why": self.why,
            "remedy": self.remedy,
            "field": self.field,
            "params": dict(self.params),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Problem:
        """Read what the spool kept; unknown parts of a newer version are left out."""
        known = ("code", "what", "why", "remedy", "field")
        params = kept.get("params")
        return cls(
            **{name: str(kept.get(name, "")) for name in known},
            params=params if isinstance(params, dict) else {},
        )


class AgentError(Exception):
    """The agent could not do what was asked."""

    def __init__(
        self, problem: Problem, *, exit_code: int = FAILED, http_status: int = 400
    ) -> None:
        """Keep the problem, the exit code of the command and the status of the local answer."""
        self.problem = problem
        self.exit_code = exit_code
        self.http_status = http_status
        super().__init__(problem.text())


class SpoolFull(AgentError):
    """The disk has no room for the spool; what was being written was not accepted."""
