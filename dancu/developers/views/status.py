"""How the exchange is: now, in the last 90 days, and what is planned. No people in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.tables import Column, Row, Table
from dancu.design.values import Badge
from dancu.developers import announced, queries, words
from dancu.developers.models import Part
from dancu.developers.types import DayOfPart, Maintenance, PartState
from dancu.developers.views.common import crumbs
from dancu.identity.decorators import public
from dancu.kernel.clock import system_clock

_HEIGHT = 40
_LEAST = 3


@public()
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show every part with its history; says so when even the database does not answer."""
    at = system_clock()
    try:
        states: list[PartState] | None = queries.states(at=at)
    except (DatabaseError, InterfaceError):
        states = None
    language = get_language() or "vi"
    context = {
        "crumbs": crumbs(_("Status")),
        "verdict": _verdict(states),
        "parts": [_part(one) for one in states or ()],
        "days": queries.HISTORY_DAYS,
        "table": _table(states) if states else None,
        "planned": [_planned(one, at, language) for one in announced.planned(at)],
    }
    return render(request, "developers/status.html", context)


def _verdict(states: list[PartState] | None) -> dict[str, str]:
    if states is None:
        return {"kind": "danger", "words": _("The database does not answer. Nothing can be asked.")}
    down = [words.PARTS[one.part] for one in states if one.is_up is False]
    if down:
        text = _("Something does not work: %(parts)s.") % {"parts": ", ".join(map(str, down))}
        return {"kind": "danger", "words": text}
    if any(one.is_up is None for one in states):
        text = _("Nothing was measured in the last five minutes; how things are is not known.")
        return {"kind": "warning", "words": text}
    return {"kind": "success", "words": _("Everything works.")}


def _part(state: PartState) -> dict[str, Any]:
    badges = {
        True: Badge(_("works"), "success", "check"),
        False: Badge(_("does not work"), "danger", "warning"),
        None: Badge(_("not measured"), "neutral"),
    }
    highest = max((day.worst or 0 for day in state.days), default=0)
    return {
        "label": words.PARTS[state.part],
        "badge": badges[state.is_up],
        "value": words.value_words(state.part, state.value),
        "at": words.moment_words(state.at) if state.at else "",
        "share": words.share_words(state.share),
        "bars": [_bar(place, day, state.part, highest) for place, day in enumerate(state.days)],
    }


def _bar(place: int, day: DayOfPart, part: str, highest: float) -> dict[str, Any]:
    """Return a bar of the chart: as high as the worst of its day in the queue, else full."""
    height = _HEIGHT
    if part == Part.BATCHES and day.measured:
        share = (day.worst or 0) / highest if highest else 0
        height = max(_LEAST, round(share * _HEIGHT))
    tone = "info" if part == Part.BATCHES and day.measured else words.share_tone(day.share)
    return {
        "x": place * 6,
        "y": _HEIGHT - height,
        "height": height,
        "tone": tone,
        "words": f"{words.day_words(day.day)}: {_day_words(day, part)}",
    }


def _day_words(day: DayOfPart, part: str) -> str:
    if not day.measured:
        return _("not measured")
    if part == Part.BATCHES:
        return _("at most %(value)s") % {"value": words.value_words(part, day.worst)}
    shown = words.share_words(day.share)
    if part == Part.SEAL or day.mean is None:
        return shown
    return _("%(share)s, on average %(value)s") % {
        "share": shown,
        "value": words.value_words(part, day.mean),
    }


def _table(states: list[PartState]) -> Table:
    """Return the measured days as a table, for whoever does not see the bars."""
    days = list(zip(*(state.days for state in states), strict=True))
    rows = [
        Row(
            [
                words.day_words(own[0].day),
                *(_day_words(day, state.part) for day, state in zip(own, states, strict=True)),
            ]
        )
        for own in reversed(days)
        if any(day.measured for day in own)
    ]
    return Table(
        caption=_("Measured days"),
        columns=[
            Column(_("Day"), heading=True),
            *(Column(words.PARTS[state.part]) for state in states),
        ],
        rows=rows,
    )


def _planned(one: Maintenance, at: datetime, language: str) -> dict[str, Any]:
    parts = [str(words.PARTS[name]) for name in one.parts if name in words.PARTS]
    return {
        "begins": words.moment_words(one.begins),
        "ends": words.moment_words(one.ends),
        "parts": ", ".join(parts),
        "text": one.text(language),
        "is_now": one.begins <= at < one.ends,
    }
