"""Who looked at people, as lines of a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dancu.catalogue import attribute
from dancu.console.show.facts import account_words
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty
from dancu.disclosure.types import AccessPage, AccessRow

_NAMED = 2


def visits_table(page: AccessPage, language: str, *, with_person: bool = False) -> Table:
    """Return the accesses; ``with_person`` adds who was looked at and by whom (auditors)."""
    accounts = account_words({row.account_id for row in page.rows if row.account_id})
    columns = [
        Column(_("When"), heading=True, narrow=True),
        Column(_("Who")),
        Column(_("What for")),
        Column(_("What was seen")),
    ]
    if with_person:
        columns.insert(1, Column(_("Whom")))
    empty = Empty(
        _("Nobody has looked yet"), _("Every look at a person is written down here."), icon="eye"
    )
    rows = [_visit(row, language, accounts, with_person=with_person) for row in page.rows]
    return Table(_("Who looked"), columns, rows, empty=empty)


def _visit(row: AccessRow, language: str, accounts: dict[int, str], *, with_person: bool) -> Row:
    badges = [Badge(_("refused"), "warning")] if row.is_refused else []
    name = accounts.get(row.account_id, "") if row.account_id else ""
    cells: list[Cell | str] = [
        Cell(moment_words(row.at), badges=badges),
        Cell(name or row.office, detail=" · ".join(_without_doubles(row, name, language))),
        Cell(row.purpose_label(language), detail=row.case),
        Cell(seen_words(row.attribute_labels(language)), detail=_how_words(row, language)),
    ]
    if with_person:
        cells.insert(1, Cell(row.name or "—", detail=row.pid or "", code=False))
    return Row(cells, tone="warning" if row.is_refused else "")


def _without_doubles(row: AccessRow, name: str, language: str) -> list[str]:
    words = [row.agent, row.role_label(language), row.office if name else row.agency]
    return [word for word in words if word and word not in name]


def _how_words(row: AccessRow, language: str) -> str:
    """Return how it was seen; of what was compared, what was not the same."""
    words = [row.kind_label(language)]
    if row.differing:
        labels = ", ".join(attribute(name).label(language) for name in row.differing)
        words.append(_("not the same: %(what)s") % {"what": labels})
    if row.is_overtried:
        words.append(_("more values were tried than the contract allows"))
    return " · ".join(words)


def seen_words(labels: tuple[str, ...]) -> str:
    """Return what was seen, the first few by name."""
    if not labels:
        return "—"
    words = ", ".join(labels[:_NAMED])
    rest = len(labels) - _NAMED
    return _("%(words)s and %(n)s more") % {"words": words, "n": rest} if rest > 0 else words
