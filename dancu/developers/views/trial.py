"""Questions to the sandbox on the page itself, and the people it knows."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.catalogue.queries import attribute, code_list
from dancu.catalogue.sandbox import Example, SandboxPerson, sandbox_people
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Choice, Fact, Link, Tab
from dancu.developers import offered, services, words
from dancu.developers import sandbox_people as known_people
from dancu.developers.errors import SandboxClosed, TooManyFromHere
from dancu.developers.views.common import crumbs, origin_of
from dancu.identity.decorators import public
from dancu.kernel.clock import system_clock
from dancu.kernel.dates import format_vietnamese, parse_iso
from dancu.operation.callers import network_address

_LONGEST = 20_000
#: What can be asked on the page, by the name of its operation.
_ASKED = ("verify", "lookUp")


@public()
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    """Ask the sandbox, and show what went over the line and what came back, side by side."""
    given = request.POST if request.method == "POST" else request.GET
    name = given.get("operation", _ASKED[0])
    name = name if name in _ASKED else _ASKED[0]
    known = known_people.find(given.get("known", ""))
    body = request.POST.get("body", "")[:_LONGEST] or _body(name, known)
    context: dict[str, Any] = {
        "crumbs": crumbs(_("Ask now")),
        "tabs": _tabs(name),
        "operation": offered.find(name)[1],
        "operation_name": name,
        "choices": _choices(known) if name == "verify" else [],
        "known": known,
        "expected": _expected(known.example) if known and name == "verify" else None,
        "body": body,
        "tried": None,
        "error": "",
    }
    status = 200
    if request.method == "POST":
        try:
            context["tried"] = services.try_out(
                operation=context["operation"],
                body=body,
                address=network_address(request),
                origin=origin_of(request),
                language=get_language() or "vi",
                at=system_clock(),
            )
        except (TooManyFromHere, SandboxClosed) as error:
            context["error"], status = f"{error.text(_)} {error.remedy_text(_)}", error.http_status
    return render(request, "developers/trial.html", context, status=status)


def _body(name: str, known: known_people.Known | None) -> str:
    every = known_people.known()
    if name == "lookUp":
        value: Any = known_people.look_up_body()
    else:
        chosen = known or (every[0] if every else None)
        value = chosen.body if chosen else {}
    return json.dumps(value, ensure_ascii=False, indent=2)


def _tabs(name: str) -> list[Tab]:
    here = reverse("developers:trial")
    labels = {"verify": _("Verifications"), "lookUp": _("Look-up")}
    return [Tab(labels[one], f"{here}?operation={one}", current=one == name) for one in _ASKED]


def _choices(known: known_people.Known | None) -> list[Choice]:
    return [
        Choice(one.key, _described(one), selected=known is not None and one.key == known.key)
        for one in known_people.known()
    ]


def _described(one: known_people.Known) -> str:
    """Return a question in one line: who, and what will be answered."""
    badge = words.outcome_badge(one.example.outcome)
    differing = [
        f"{attribute(name).label(get_language() or 'vi')}: {_result_words(said)}"
        for name, said in one.example.attributes.items()
    ]
    return " · ".join([one.person.full_name, str(badge.text), *differing])


def _result_words(said: str) -> str:
    result, _space, reason = said.partition(" ")
    badge = words.result_badge(result)
    return f"{badge.text} ({words.reason_words(reason)})" if reason else str(badge.text)


def _expected(example: Example) -> dict[str, Any]:
    return {
        "outcome": words.outcome_badge(example.outcome),
        "attributes": [(name, _result_words(said)) for name, said in example.attributes.items()],
        "questions": list(example.questions.items()),
    }


@public()
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show the people of the sandbox with the answers that are known about them."""
    language = get_language() or "vi"
    shown = [
        {
            "person": person,
            "badges": _status(person),
            "facts": _facts(person, language),
            "table": _answers(person, language),
        }
        for person in sandbox_people()
    ]
    context = {"crumbs": crumbs(_("Test people")), "people": shown}
    return render(request, "developers/people.html", context)


def _status(person: SandboxPerson) -> list[Badge]:
    if person.status == "alive":
        return []
    labels = {"dead": _("dead"), "missing": _("missing")}
    return [Badge(labels[person.status], "neutral")]


def _facts(person: SandboxPerson, language: str) -> list[Fact]:
    found = [
        Fact(_("Personal identification number"), person.pid, code=True),
        Fact(_("Date of birth"), format_vietnamese(parse_iso(person.birth_date))),
        Fact(_("Sex"), code_list("sex").label(person.sex, language)),
        Fact(
            attribute("permanent_residence").label(language), f"{person.residence} ({person.unit})"
        ),
    ]
    if person.old_id_number:
        label = attribute("old_id_number").label(language)
        found.insert(1, Fact(label, person.old_id_number, code=True))
    if person.former:
        found.insert(1, Fact(_("Cancelled number"), ", ".join(person.former), code=True))
    for name, code in person.facts.items():
        entry = attribute(name)
        value = code_list(entry.code_list).label(code, language) if entry.code_list else code
        found.append(Fact(entry.label(language), value))
    return found


def _answers(person: SandboxPerson, language: str) -> Table:
    own = [one for one in known_people.known() if one.person is person]
    return Table(
        caption=_("Known answers about %(name)s") % {"name": person.full_name},
        columns=[
            Column(_("You send"), heading=True),
            Column(_("Outcome")),
            Column(_("What is not simply a match")),
            Column(_("Try"), hidden_label=True),
        ],
        rows=[_answer(one, language) for one in own],
    )


def _answer(one: known_people.Known, language: str) -> Row:
    sent = "; ".join(
        f"{attribute(name).label(language)}: {said}" for name, said in one.example.claims.items()
    )
    differing = [
        f"{attribute(name).label(language)}: {_result_words(said)}"
        for name, said in one.example.attributes.items()
    ]
    differing += [f"{key} → {said}" for key, said in one.example.questions.items()]
    href = f"{reverse('developers:trial')}?known={one.key}"
    return Row(
        [
            sent,
            Cell(badges=(words.outcome_badge(one.example.outcome),), detail=one.example.outcome),
            "; ".join(differing) or "–",
            Cell(actions=(Link(_("Try it"), href),)),
        ]
    )
