"""Structured logs without personal data.

Every line is one JSON object with the time, the severity, the event and the request's id. Before
it is written, values under personal names are dropped and every run of 9 to 12 digits is masked in
all texts, tracebacks included: old and new identity numbers, phone and card numbers have that
length. Log what happened and how often; log a person by the record's internal key.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

PERSONAL_KEYS = frozenset(
    {
        "pid",
        "old_id_number",
        "full_name",
        "name",
        "surname",
        "middle_name",
        "given_name",
        "birth_date",
        "date_of_birth",
        "birth_year",
        "address",
        "permanent_residence",
        "temporary_residence",
        "current_residence",
        "phone",
        "email",
        "father_name",
        "mother_name",
        "spouse_name",
        "father_pid",
        "mother_pid",
        "spouse_pid",
        "guardian_pid",
        "household",
        "card_number",
        "identity_card",
        "insurance_number",
        "tax_number",
        "bank_account",
        "value",
        "values",
        "claims",
        "row",
        "query",
        "q",
        "search",
        "params",
        "body",
        "data",
        "form",
        "password",
        "secret",
        "token",
        "cookie",
        "session",
        "authorization",
    }
)
MASK = "•••"
SERVER_LOGGING = Path(__file__).with_name("server_logging.json")
"""What Granian is given as ``--log-config``."""
_DIGITS = re.compile(r"(?<!\d)\d{9,12}(?!\d)")
# Spaces and dots inside a number do not hide it: 001 085 012 345, 0912.345.678.
_SPACED = re.compile(r"(?<![\d.:-])\d{2,4}(?:[ .]\d{2,4}){2,3}(?![\d.:-])")
_DEPTH = 6


def masked_text(text: str) -> str:
    """The text with every number that may identify a person masked."""
    text = _DIGITS.sub(MASK, text)
    return _SPACED.sub(_mask_spaced, text)


def _mask_spaced(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match[0])
    return MASK if 9 <= digits <= 12 else match[0]  # noqa: PLR2004


def without_personal_data(value: Any, depth: int = 0) -> Any:
    """A copy of a value without personal data, to be written to a log."""
    if isinstance(value, str):
        return masked_text(value)
    if value is None or isinstance(value, bool | int | float):
        return MASK if _is_long_number(value) else value
    if depth >= _DEPTH:
        return MASK
    if isinstance(value, Mapping):
        return {
            str(key): MASK
            if str(key).lower() in PERSONAL_KEYS
            else without_personal_data(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [without_personal_data(item, depth + 1) for item in value]
    return masked_text(str(value))


def _is_long_number(value: object) -> bool:
    return isinstance(value, int) and 9 <= len(str(abs(value))) <= 12  # noqa: PLR2004


def drop_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor; runs last before rendering."""
    cleaned = {}
    for key, value in event.items():
        if key in {"timestamp", "request_id"} or key.startswith("_"):
            cleaned[key] = value
        elif key.lower() in PERSONAL_KEYS:
            cleaned[key] = MASK
        else:
            cleaned[key] = without_personal_data(value)
    return cleaned


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderers(style: str) -> list[Processor]:
    if style == "console":
        return [drop_personal_data, structlog.dev.ConsoleRenderer(colors=False)]
    return [
        drop_personal_data,
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False),
    ]


class ServerFormatter(logging.Formatter):
    """Lines of the web server itself, which logs before Django does, in the same form."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON object."""
        line = {
            "event": masked_text(record.getMessage()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info:
            line["exception"] = masked_text(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class StderrHandler(logging.Handler):
    """Writes to whatever standard error is at the moment, also after it was redirected."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - a failing log must not fail its caller
            self.handleError(record)


def django_logging(*, level: str, style: str) -> dict[str, Any]:
    """Django's ``LOGGING``: structlog and the standard library through one renderer to stderr."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            *_renderers(style),
        ],
    }
    quiet = {"level": "WARNING", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"stderr": {"()": StderrHandler, "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Its messages hold paths, which may hold numbers of persons; our middleware logs
            # the route instead.
            "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Whoever scans the network asks under wrong names; the answer is logged like any other.
            "django.security.DisallowedHost": {
                "handlers": [],
                "level": "CRITICAL",
                "propagate": False,
            },
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "procrastinate": quiet,
            "asyncio": quiet,
        },
    }


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The structured logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


def silence(*names: str) -> None:
    """Let the named loggers write errors only; for commands that talk to a terminal."""
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
