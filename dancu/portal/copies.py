"""The reader's data as files: tables of plain words, and the same as JSON.

Every value is text, numbers of persons and papers above all, so that no program shortens them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from dancu.disclosure.types import AccessRow, Conflict, Disclosed, Fact, Origin, PersonPage, Span
from dancu.kernel.clock import VIETNAM
from dancu.portal import shown, words

CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``key`` names it in JSON; columns are key and heading."""

    key: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A file's content: when it was made, and its tables."""

    made_at: datetime
    sheets: Sequence[Sheet]


def of_data(page: PersonPage, household: Sequence[Disclosed], at: datetime) -> Copy:
    """Facts, their history, what others say, the numbers ever held, and the household."""
    facts = [fact for group in page.groups for fact in group.facts if shown.is_known(fact)]
    return Copy(
        at,
        [
            Sheet("facts", _("My data"), _fact_columns(), [_fact_row(fact) for fact in facts]),
            Sheet("history", _("Now and before"), _span_columns(), _span_rows(page.history)),
            Sheet(
                "differences",
                _("What is not the same"),
                _conflict_columns(),
                [_conflict_row(conflict) for conflict in page.conflicts],
            ),
            Sheet("numbers", _("My numbers"), _number_columns(), _number_rows(page)),
            Sheet(
                "household",
                _("My household"),
                _member_columns(),
                [_member_row(member) for member in household],
            ),
        ],
    )


def of_looks(rows: Iterable[AccessRow], at: datetime) -> Copy:
    """Everybody who looked, the newest first."""
    columns = [
        ("at", _("When")),
        ("who", _("Who")),
        ("role", _("Role")),
        ("what", _("What")),
        ("partly", _("Shown in part")),
        ("purpose", _("What for")),
        ("case", _("Case")),
        ("kind", _("How")),
        ("refused", _("Refused")),
    ]
    return Copy(
        at, [Sheet("accesses", _("Who looked at me"), columns, [_look_row(row) for row in rows])]
    )


def as_json(copy: Copy) -> bytes:
    """The copy as one JSON object: ``made_at`` and a list of objects for each table."""
    body: dict[str, object] = {"made_at": copy.made_at.astimezone(VIETNAM).isoformat()}
    for sheet in copy.sheets:
        keys = [key for key, _heading in sheet.columns]
        body[sheet.key] = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def as_workbook(copy: Copy) -> bytes:
    """The copy as a workbook with one sheet for each table; every cell is text."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        for sheet in copy.sheets:
            _write(book.add_worksheet(sheet.title[:31]), sheet, text, bold)
    return target.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, text: object, bold: object) -> None:
    page.freeze_panes(1, 0)
    for column, (_key, heading) in enumerate(sheet.columns):
        longest = max([len(heading), *(len(row[column]) for row in sheet.rows)])
        page.set_column(column, column, min(longest + 2, _WIDEST))
        page.write_string(0, column, heading, bold)
        for number, row in enumerate(sheet.rows, start=1):
            page.write_string(number, column, row[column], text)


def _origin_columns() -> list[tuple[str, str]]:
    return [
        ("source", _("Written by")),
        ("recorded_on", _("Written on")),
        ("paper", _("From which paper")),
    ]


def _origin_row(origin: Origin | None) -> list[str]:
    if origin is None:
        return ["", "", ""]
    learnt = origin.recorded_at
    return [
        origin.source_label(words.language()),
        words.day_words(learnt.astimezone(VIETNAM).date()) if learnt else "",
        words.paper_words(origin),
    ]


def _fact_columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Name of the fact")),
        ("label", _("Fact")),
        ("value", _("Value")),
        ("since", _("Since")),
        *_origin_columns(),
    ]


def _fact_row(fact: Fact) -> list[str]:
    since = words.day_words(fact.origin.since) if fact.origin else ""
    value = shown.value_words(fact)
    return [fact.attribute, shown.label(fact), value, since, *_origin_row(fact.origin)]


def _span_columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Name of the fact")),
        ("label", _("Fact")),
        ("value", _("Value")),
        ("since", _("Since")),
        ("until", _("Until")),
        *_origin_columns(),
    ]


def _span_rows(history: Mapping[str, Sequence[Span]]) -> list[list[str]]:
    return [
        [
            name,
            span.label(words.language()),
            span.text(words.language()) or _("none"),
            words.day_words(span.start),
            words.day_words(span.end) if span.end else "",
            *_origin_row(span.origin),
        ]
        for name, spans in history.items()
        for span in spans
    ]


def _conflict_columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Name of the fact")),
        ("label", _("Fact")),
        ("value", _("Other value")),
        ("used", _("Value in use")),
        ("settled", _("Settled")),
        *_origin_columns(),
    ]


def _conflict_row(conflict: Conflict) -> list[str]:
    language = words.language()
    return [
        conflict.attribute,
        conflict.label(language),
        conflict.text(language) or _("none"),
        conflict.against_text(language),
        words.moment_words(conflict.settled_at) if conflict.settled_at else "",
        *_origin_row(conflict.origin),
    ]


def _number_columns() -> list[tuple[str, str]]:
    return [("pid", _("Number")), ("since", _("Since")), ("until", _("Until"))]


def _number_rows(page: PersonPage) -> list[list[str]]:
    return [
        [
            entry.pid,
            words.day_words(entry.valid_from),
            words.day_words(entry.cancelled_on) if entry.cancelled_on else "",
        ]
        for entry in page.pids
    ]


def _member_columns() -> list[tuple[str, str]]:
    return [("name", _("Name")), ("relationship", _("Family tie")), ("born", _("Date of birth"))]


def _member_row(member: Disclosed) -> list[str]:
    facts = (member.facts.get(name) for name in ("household_relationship", "birth_date"))
    return [member.header.name, *(shown.value_words(fact) if fact else "" for fact in facts)]


def _look_row(row: AccessRow) -> list[str]:
    language = words.language()
    return [
        words.moment_words(row.at),
        words.looker_words(row),
        row.role_label(language) if row.role else "",
        ", ".join(words.label(name) for name in row.attributes),
        ", ".join(words.label(name) for name in row.masked),
        row.purpose_label(language) if row.purpose else "",
        row.case,
        row.kind_label(language),
        _("yes") if row.is_refused else _("no"),
    ]
