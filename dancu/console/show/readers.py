"""Readers of the register, as lines of the auditor's table."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.catalogue.oversight import Signs
from dancu.console.show.batches import contract_words
from dancu.console.show.facts import account_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty
from dancu.disclosure.services.readers import Reader, ReaderRow, Sign
from dancu.disclosure.words import role_label

_SIGNS = (Sign.VOLUME, Sign.HOURS, Sign.OUTSIDE, Sign.AGAIN, Sign.REFUSED, Sign.ASKED)


def readers_table(rows: Sequence[ReaderRow], language: str, *, days: int, limits: Signs) -> Table:
    """Return readers with their numbers; each number leads to the looks that it counts."""
    columns = [
        Column(_("Reader"), heading=True),
        *(Column(sign_words(sign), numeric=True) for sign in _SIGNS),
    ]
    empty = Empty(
        _("Nobody stands out"),
        _("No reader is over a threshold in this time. Choose a longer time or show everybody."),
        icon="shield",
    )
    names = account_words({row.reader.account_id for row in rows if row.reader.account_id})
    lines = [_line(row, names, language, days=days, limits=limits) for row in rows]
    return Table(_("Unusual readers"), columns, lines, empty=empty)


def sign_words(sign: Sign) -> str:
    """Return what a number counts."""
    return {
        Sign.ALL: _("All looks"),
        Sign.VOLUME: _("People seen"),
        Sign.HOURS: _("Out of hours"),
        Sign.OUTSIDE: _("Outside the area"),
        Sign.AGAIN: _("Same person again"),
        Sign.REFUSED: _("Refused"),
        Sign.ASKED: _("Asked again and again"),
    }[sign]


def reader_words(reader: Reader, language: str) -> str:
    """Return who a reader is."""
    if reader.account_id is not None:
        return account_words([reader.account_id])[reader.account_id]
    agent = reader.agent or _("the agency's system")
    return f"{agent}, {contract_words(reader.contract, language)}"


def _line(row: ReaderRow, names: dict[int, str], language: str, *, days: int, limits: Signs) -> Row:
    account = row.reader.account_id
    name = names[account] if account is not None else reader_words(row.reader, language)
    role = role_label(row.role, language)
    words = [part for part in (role, row.office) if part and part not in name]
    # Who only verified looked at nobody.
    every = Sign.ALL if row.answers else Sign.ASKED
    cells: list[Cell | str] = [Cell(name, _href(row.reader, every, days), " · ".join(words))]
    cells += [_number(row, sign, days=days, limits=limits) for sign in _SIGNS]
    return Row(cells, tone="warning" if row.unusual else "")


def _number(row: ReaderRow, sign: Sign, *, days: int, limits: Signs) -> Cell:
    number = row.number(sign)
    detail = ""
    if sign is Sign.VOLUME:
        others = _("all others: %(number)s") if row.is_alone else _("peers: %(number)s")
        detail = others % {"number": f"{row.peers:.0f}"}
    elif sign is Sign.ASKED and number:
        times = row.most_asked
        words = ngettext("%(n)s time in one day", "up to %(n)s times in one day", times)
        detail = words % {"n": times}
    elif sign is Sign.AGAIN and row.most_looks >= limits.again_looks:
        detail = _("up to %(looks)s occasions") % {"looks": row.most_looks}
    badges = [Badge(_("unusual"), "warning")] if sign in row.unusual else []
    href = _href(row.reader, sign, days) if number else ""
    return Cell(str(number), href, detail, badges)


def _href(reader: Reader, sign: Sign, days: int) -> str:
    who = (
        {"account": reader.account_id}
        if reader.account_id is not None
        else {"contract": reader.contract, "agent": reader.agent}
    )
    return f"{reverse('console:audit-looks')}?{urlencode({**who, 'sign': sign, 'days': days})}"
