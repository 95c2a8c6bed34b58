"""Batches of verifications as tables, bars and figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.catalogue.contracts import last_contract
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Fact, Link, Progress, Stat, Tone
from dancu.exchange.batches.types import Standing
from dancu.exchange.batches.words import GROUPS, STATES
from dancu.kernel.clock import today

_MINUTE = 60
_HOUR = 3600
_TONES: dict[str, Tone] = {
    "shown": "warning",
    "waiting": "info",
    "stopped": "warning",
    "failed": "danger",
    "done": "success",
}
_ICONS = {"waiting": "clock", "done": "check", "failed": "warning", "stopped": "minus"}
_RIGHT = ("match", "nearly", "writing")


def contract_words(name: str, language: str) -> str:
    """Return the label of a contract; its name where it is gone."""
    found = last_contract(name)
    return found.label(language) if found else name


def page_href(reference: str, route: str = "verification") -> str:
    """Return the address of a batch's page."""
    return reverse(f"console:{route}", args=[reference])


def state_badge(one: Standing) -> Badge:
    """Return the state of a batch in a word."""
    return Badge(STATES[one.state], _TONES[one.state], _ICONS.get(one.state, ""))


def finish_words(one: Standing, at: datetime) -> str:
    """Return when a batch is done: today, tomorrow's date, or that it is not foreseen."""
    if one.state != "waiting":
        return moment_words(one.ended_at) if one.state == "done" else ""
    if one.finishes_on is None:
        return _("cannot be foreseen")
    return _("today") if one.finishes_on == today(at) else day_words(one.finishes_on)


def table_of(found: Sequence[Standing], *, at: datetime, language: str, may_send: bool) -> Table:
    """Return the list of batches."""
    rows = [
        Row(
            [
                Cell(
                    one.name,
                    page_href(one.reference),
                    detail=contract_words(one.contract, language),
                    badges=[state_badge(one)],
                ),
                grouped(one.rows),
                f"{one.done * 100 // one.rows}%" if one.rows else "",
                grouped(one.place) if one.place else "",
                finish_words(one, at),
                moment_words(one.received_at),
            ]
        )
        for one in found
    ]
    columns = [
        Column(_("File"), heading=True),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Answered"), numeric=True, narrow=True),
        Column(_("Place"), numeric=True, narrow=True),
        Column(_("Done"), narrow=True),
        Column(_("Sent in"), narrow=True),
    ]
    send = Link(_("Verify a file"), reverse("console:verification-new"), "upload", "primary")
    empty = Empty(
        _("No file has been verified yet"),
        _("Send in a list of people; each row comes back with what is right and what to do."),
        send if may_send else None,
        "upload",
    )
    return Table(_("Files"), columns, rows, empty=empty, key="verifications")


def unconfirmed_table(found: Sequence[Standing]) -> Table | None:
    """Return the files whose columns wait for the officer to confirm them; None for none."""
    if not found:
        return None
    rows = [
        Row(
            [
                Cell(one.name, page_href(one.reference, "verification-confirm")),
                grouped(one.rows),
                moment_words(one.received_at),
            ]
        )
        for one in found
    ]
    columns = [
        Column(_("File"), heading=True),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Sent in"), narrow=True),
    ]
    return Table(_("Files whose columns are not confirmed"), columns, rows, key="unconfirmed")


def progress_of(one: Standing, at: datetime) -> Progress:
    """Return the bar of a batch that is not done."""
    goes_on = one.state == "waiting"
    return Progress(
        label=_("Rows answered"),
        done=one.done,
        total=one.rows,
        href=page_href(one.reference, "verification-progress") if goes_on else "",
        running=goes_on,
        detail=" · ".join(word for word in _details(one, at) if word) if goes_on else "",
        tone="info" if goes_on else "warning",
        key="batch-progress",
    )


def _details(one: Standing, at: datetime) -> list[str]:
    left = one.rows - one.done
    place = ""
    if one.place and one.waiting > 1:
        place = _("place %(place)s of %(count)s in the queue") % {
            "place": one.place,
            "count": one.waiting,
        }
    if one.seconds_left is not None:
        return [time_words(one.seconds_left), place]
    if one.finishes_on is None:
        return [_("The contract has no records left, so the end cannot be foreseen."), place]
    if one.finishes_on == today(at):
        return [_("It will be done today."), place]
    today_words = ngettext(
        "%(rows)s more row today", "%(rows)s more rows today", min(one.rows_today or 0, left)
    ) % {"rows": grouped(one.rows_today or 0)}
    done = _("It will be done on %(day)s: the records of a day are limited.") % {
        "day": day_words(one.finishes_on)
    }
    return [done, today_words, place]


def time_words(seconds: int) -> str:
    """Return about how long something takes."""
    if seconds < _MINUTE:
        return _("less than a minute left")
    if seconds < _HOUR:
        minutes = round(seconds / _MINUTE)
        return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {
            "n": minutes
        }
    hours = round(seconds / _HOUR)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": hours}


def stats_of(one: Standing) -> list[Stat]:
    """Return the figures of a batch, as soon as a row is answered."""
    if not one.done:
        return []
    right = sum(one.counts.get(name, 0) for name in _RIGHT)
    look = one.done - right
    return [
        Stat(_("Rows answered"), grouped(one.done)),
        Stat(_("Right"), grouped(right), tone="success", part=right / one.done),
        Stat(
            _("To be looked at"),
            grouped(look),
            href="#groups" if look else "",
            tone="warning" if look else "neutral",
            part=look / one.done,
        ),
    ]


def summary_table(one: Standing) -> Table:
    """Return what came of the rows: a group a line, with what to do."""
    rows = [
        Row(
            [
                Cell(
                    GROUPS[name].label,
                    detail=GROUPS[name].meaning,
                    badges=[],
                ),
                grouped(count),
                _share(count, one.done),
                GROUPS[name].remedy,
            ]
        )
        for name, count in sorted(one.counts.items(), key=lambda item: -item[1])
        if count and name in GROUPS
    ]
    columns = [
        Column(_("Result"), heading=True),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Share"), numeric=True, narrow=True),
        Column(_("What to do")),
    ]
    return Table(_("Results by group"), columns, rows, key="groups")


def _share(count: int, total: int) -> str:
    share = count * 100 / total
    return f"{share:.1f}%".replace(".", ",") if share >= 0.1 else "< 0,1%"  # noqa: PLR2004


def facts_of(one: Standing, language: str) -> list[Fact]:
    """Return where a batch comes from and what becomes of it."""
    contract = last_contract(one.contract)
    purpose = contract.purposes.get(one.purpose) if contract else None
    rows = [
        Fact(_("Contract"), contract_words(one.contract, language)),
        Fact(_("Purpose"), purpose.label(language) if purpose else one.purpose),
        Fact(_("Reference"), one.reference, code=True),
        Fact(_("Sent in by"), one.user or one.client),
        Fact(_("Sent in"), moment_words(one.received_at)),
        Fact(_("Done"), moment_words(one.ended_at) if one.state == "done" else _("not yet")),
    ]
    if one.left_out:
        rows.append(Fact(_("Sheets left out"), ", ".join(one.left_out)))
    if one.forgotten_at:
        rows.append(Fact(_("Questions and answers deleted"), moment_words(one.forgotten_at)))
    return rows
