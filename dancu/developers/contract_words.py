"""A contract in plain words. Everything in it is public; nothing here knows keys or clients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.agencies.queries import agency_name
from dancu.catalogue.contracts import MODES, Contract, exchange_rules
from dancu.catalogue.queries import attributes, sources
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Fact
from dancu.places import queries as places

_MODES: dict[str, str | Promise] = {
    "verify": gettext_lazy("verify"),
    "lookup": gettext_lazy("look up"),
    "batch": gettext_lazy("verify lists"),
    "feed": gettext_lazy("read changes"),
}
_QUESTIONS: dict[str, str | Promise] = {
    "is_alive": gettext_lazy("whether somebody is alive"),
    "is_at_least": gettext_lazy("whether somebody has reached an age"),
    "lives_in": gettext_lazy("whether somebody lives in a commune or province"),
}
_EVENTS: dict[str, str | Promise] = {
    "death": gettext_lazy("deaths"),
    "name_change": gettext_lazy("changes of name"),
    "move": gettext_lazy("moves"),
    "pid_cancelled": gettext_lazy("cancelled numbers"),
    "card_issued": gettext_lazy("new cards"),
}
_TYPES: dict[str, str | Promise] = {
    "text": gettext_lazy("text"),
    "text_list": gettext_lazy("list of texts"),
    "date": gettext_lazy("day, also month or year alone"),
    "pid": gettext_lazy("twelve digits"),
    "old_id_number": gettext_lazy("nine digits"),
    "address": gettext_lazy("address"),
    "integer": gettext_lazy("whole number"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
}


def type_words(name: str) -> str:
    """Return the type of an attribute in words; its name when it has none."""
    return str(_TYPES.get(name, name))


def agency(contract: Contract, language: str) -> str:
    """Return the name of the agency that a contract is with."""
    if name := agency_name(contract.agency, language):
        return name
    source = sources().get(contract.source)
    return source.label(language) if source else contract.agency


def modes(contract: Contract) -> list[str]:
    """Return what a contract allows, in words."""
    return [str(_MODES.get(mode, mode)) for mode in MODES if mode in contract.modes]


def grouped(number: int) -> str:
    """Return 60.000."""
    return f"{number:,}".replace(",", ".")


def sentences(contract: Contract, day: date, language: str) -> list[str]:
    """Return the contract as sentences: what may be asked, of whom, how much."""
    found = []
    if "verify" in contract.modes:
        found.append(
            _("It may compare: %(list)s.") % {"list": labels(contract.verify_attributes, language)}
        )
    if contract.questions:
        found.append(
            _("It may ask %(list)s.") % {"list": _named(sorted(contract.questions), _QUESTIONS)}
        )
    if "verify" in contract.modes and not contract.is_sandbox:
        found.append(
            _("On one day it may try %(count)s different values of a fact on one person.")
            % {"count": contract.values_per_person}
        )
    if "lookup" in contract.modes and contract.lookup_attributes:
        text = (
            _("For a numbered case it may read: %(list)s.")
            if contract.lookup_case == "required"
            else _("It may read: %(list)s.")
        )
        found.append(text % {"list": labels(contract.lookup_attributes, language)})
    if "batch" in contract.modes:
        found.append(_("It may send lists of people to be compared."))
    if contract.feed_events:
        found.append(
            _("It is told of: %(list)s.") % {"list": _named(sorted(contract.feed_events), _EVENTS)}
        )
    found.append(_scope(contract, day))
    if contract.is_sandbox:
        found.append(_("It knows invented people only; the register is never read for it."))
    return found


def _scope(contract: Contract, day: date) -> str:
    if contract.scope is None:
        return _("It may ask about people in the whole country.")
    names = []
    for code in sorted(contract.scope):
        unit = places.unit(code, day)
        names.append(unit.full_name if unit else code)
    return _("It may ask about people who live in: %(list)s.") % {"list": ", ".join(names)}


def labels(names: Iterable[str], language: str) -> str:
    """Return the labels of attributes, in the order of the dictionary."""
    wanted = set(names)
    return ", ".join(_within(one.label(language)) for one in attributes() if one.name in wanted)


def _within(label: str) -> str:
    """Write a label as within a sentence; abbreviations stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _named(names: Iterable[str], words: dict[str, str | Promise]) -> str:
    return ", ".join(str(words.get(name, name)) for name in names)


def purposes(contract: Contract, language: str) -> Table:
    """Return the purposes with the law behind each."""
    return Table(
        caption=_("Purposes"),
        columns=[
            Column(_("purpose"), heading=True),
            Column(_("What for")),
            Column(_("Legal basis")),
        ],
        rows=[
            Row([Cell(one.name, code=True), one.label(language), one.legal_basis])
            for one in contract.purposes.values()
        ],
    )


def facts(contract: Contract, day: date, language: str) -> list[Fact]:
    """Return limits and days of a contract."""
    priority = exchange_rules().priority(contract.priority)
    ends = f"{contract.valid_to:%d/%m/%Y}" if contract.valid_to else _("until further notice")
    return [
        Fact(_("Name in requests (scope)"), contract.name, code=True),
        Fact(_("People a day"), grouped(contract.records_on(day))),
        Fact(_("Requests a second"), grouped(contract.requests_per_second)),
        Fact(_("Turn in the queue of batches"), priority.label(language)),
        Fact(_("In force since"), f"{contract.valid_from:%d/%m/%Y}"),
        Fact(_("In force until"), ends),
    ]
