"""The catalogue: services, their operations, attributes, contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.catalogue import contracts as declared
from dancu.catalogue.queries import attributes as dictionary
from dancu.catalogue.queries import code_list, groups
from dancu.catalogue.types import Attribute
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty
from dancu.developers import contract_words, offered, schema_rows
from dancu.developers.errors import NothingOffered
from dancu.developers.problem_types import of_operation
from dancu.developers.sandbox_people import answer_of, body_of
from dancu.developers.schema_rows import rows, sample
from dancu.developers.types import SchemaRow
from dancu.developers.views.common import address_of, crumbs, origin_of
from dancu.exchange.api.types import JSON, Operation, Shape
from dancu.identity.decorators import public
from dancu.kernel.clock import system_clock, today

_MANY = 6


@public()
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List what can be asked, by service."""
    listed = [{"service": service, "table": _operations(service)} for service in offered.services()]
    context = {"crumbs": crumbs(_("Services")), "services": listed}
    return render(request, "developers/services.html", context)


def _operations(service: offered.Service) -> Table:
    return Table(
        caption=service.name,
        columns=[
            Column(_("Operation"), heading=True),
            Column(_("What it does")),
            Column(_("Who may")),
        ],
        rows=[
            Row(
                [
                    Cell(
                        f"{one.method} {one.path}",
                        reverse("developers:service", args=[one.name]),
                        code=True,
                    ),
                    _(one.summary),
                    _("everybody") if one.is_public else _("connected clients"),
                ]
            )
            for one in service.operations
        ],
        empty=Empty(
            _("Nothing to ask here yet"),
            _("This exchange does not offer the service; the changelog will say when it does."),
        ),
    )


@public()
@require_safe
def service(request: HttpRequest, name: str) -> HttpResponse:
    """Show one operation: what for, inputs, outputs, refusals, limits."""
    kind, operation = offered.find(name)
    base = origin_of(request) + kind.base if kind.tag == "log" else address_of(request)
    context = {
        "crumbs": crumbs(f"{operation.method} {operation.path}", services=_("Services")),
        "service": kind,
        "operation": operation,
        "address": base + operation.path,
        "summary": _(operation.summary),
        "text": _(operation.text) if operation.text else "",
        "limits": _limits(kind, operation),
        "parameters": _parameters(operation),
        "takes": [_taken(operation, media) for media in operation.takes],
        "replies": [
            _replied(operation, status, one) for status, one in sorted(operation.replies.items())
        ],
        "refusals": _refusals(operation),
        "curl": _curl(operation, base),
    }
    return render(request, "developers/service.html", context)


def _limits(kind: offered.Service, operation: Operation) -> list[str]:
    found = []
    if operation.is_public:
        found.append(_("Open to everybody, without a token."))
    else:
        found.append(_("Needs a token; it says under which contract you ask."))
    if kind.mode:
        found.append(_("Your contract must allow the mode “%(mode)s”.") % {"mode": kind.mode})
        found.append(_("Requests a second and people a day are as your contract says (429)."))
    if operation.takes:
        most = max(operation.most_of(media) for media in operation.takes)
        found.append(_("A request has at most %(size)s.") % {"size": _size(most)})
    if operation.is_kept:
        found.append(_("Idempotency-Key is honoured for 24 hours."))
        found.append(_("Send “Accept: application/jose” for a signed answer."))
    return found


def _size(octets: int) -> str:
    if octets >= 1 << 20:
        return f"{octets >> 20} MiB"
    return f"{octets >> 10} KiB"


def _parameters(operation: Operation) -> Table | None:
    places = {"path": _("in the address"), "query": _("in the query"), "header": _("header")}
    return _members(
        [
            SchemaRow(
                path=one.name,
                kind=f"{places.get(one.where, one.where)}: {schema_rows.kind_of(one.schema)}",
                text=_(one.text),
                is_required=one.is_required or one.where == "path",
            )
            for one in operation.parameters
        ],
        _("Parameters"),
    )


def _members(found: list[SchemaRow], caption: str, *, is_answer: bool = False) -> Table | None:
    if not found:
        return None
    always = _("always") if is_answer else _("required")
    return Table(
        caption=caption,
        columns=[
            Column(_("Field name"), heading=True),
            Column(_("Type")),
            Column(_("Meaning")),
        ],
        rows=[
            Row(
                [
                    Cell(
                        one.path or _("the whole body"),
                        code=bool(one.path),
                        badges=(Badge(always),) if one.is_required and one.path else (),
                    ),
                    one.kind,
                    Cell(one.text or ("" if one.values else "–"), detail=_values(one.values)),
                ]
            )
            for one in found
        ],
    )


def _values(values: tuple[str, ...]) -> str:
    if not values:
        return ""
    shown = ", ".join(values[:_MANY])
    if len(values) > _MANY:
        shown += " " + _("and %(count)s more") % {"count": len(values) - _MANY}
    return shown


def _taken(operation: Operation, media: str) -> dict[str, Any]:
    schema = operation.takes[media]
    example = body_of(operation) if media == JSON else None
    if example is None:
        example = operation.examples.get(media)
    return {
        "media": media,
        "table": _members(rows(schema), media),
        "example": _written(example) if example is not None else "",
    }


def _replied(operation: Operation, status: int, shape: Shape) -> dict[str, Any]:
    schema = next((one for media, one in shape.media.items() if media.endswith("json")), None)
    headers = [SchemaRow(name, _("header"), _(text)) for name, text in shape.headers.items()]
    example = answer_of(operation)
    if example is None and schema and _has_members(schema):
        example = sample(schema)
    return {
        "status": status,
        "text": _(shape.text),
        "media": list(shape.media),
        "table": _members(rows(schema), _("Answer"), is_answer=True) if schema else None,
        "headers": _members(headers, _("Headers")),
        "example": _written(example) if example is not None else "",
    }


def _has_members(schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("properties") or schema.get("items"))


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _refusals(operation: Operation) -> Table:
    found = of_operation(operation, tuple(offered.refusals(operation)))
    return Table(
        caption=_("Refusals"),
        columns=[
            Column(_("Status"), narrow=True),
            Column(_("code"), heading=True),
            Column(_("Why")),
            Column(_("What to do")),
        ],
        rows=[
            Row(
                [
                    str(one.status),
                    Cell(one.code, f"{reverse('developers:problems')}#{one.code}", code=True),
                    one.message,
                    one.remedy,
                ]
            )
            for one in sorted(found, key=lambda one: (one.status, one.code))
        ],
    )


def _curl(operation: Operation, base: str) -> str:
    lines = [f"curl -X {operation.method} '{base}{operation.path}'"]
    if not operation.is_public:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    body = body_of(operation) or operation.examples.get(JSON)
    if body is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d '{json.dumps(body, ensure_ascii=False)}'")
    elif operation.form is not None:
        fields = operation.form.get("properties", {})
        lines += [f"-d '{name}=…'" for name in operation.form.get("required", fields)]
    return " \\\n  ".join(lines)


@public()
@require_safe
def attributes(request: HttpRequest) -> HttpResponse:
    """List the data dictionary: what claims and look-ups may name."""
    language = get_language() or "vi"
    entries = dictionary()
    listed = []
    for group in groups():
        rows_ = [
            Row([Cell(one.name, code=True), one.label(language), _typed(one, language)])
            for one in entries
            if one.group == group.name
        ]
        table = Table(
            caption=group.label(language),
            columns=[
                Column(_("Field name"), heading=True),
                Column(_("Meaning")),
                Column(_("Values")),
            ],
            rows=rows_,
        )
        listed.append({"name": group.label(language), "table": table})
    context = {"crumbs": crumbs(_("Attributes")), "groups": listed, "count": len(entries)}
    return render(request, "developers/attributes.html", context)


def _typed(one: Attribute, language: str) -> Cell:
    if not one.code_list:
        return Cell(contract_words.type_words(one.type))
    codes = code_list(one.code_list).on(today(system_clock()))
    shown = tuple(f"{code.code} {code.label(language)}" for code in codes)
    return Cell(_("code of the list %(name)s") % {"name": one.code_list}, detail=_values(shown))


@public()
@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    """List the contracts in force."""
    day = today(system_clock())
    language = get_language() or "vi"
    table = Table(
        caption=_("Contracts in force"),
        columns=[
            Column(_("Contract"), heading=True),
            Column(_("Agency")),
            Column(_("Modes")),
            Column(_("People a day"), numeric=True),
        ],
        rows=[_contract_row(one, day, language) for one in declared.contracts(day)],
        empty=Empty(_("No contract is in force today")),
    )
    context = {"crumbs": crumbs(_("Contracts")), "table": table}
    return render(request, "developers/contracts.html", context)


def _contract_row(one: declared.Contract, day: date, language: str) -> Row:
    return Row(
        [
            Cell(
                one.label(language),
                reverse("developers:contract", args=[one.name]),
                detail=one.name,
            ),
            contract_words.agency(one, language),
            ", ".join(contract_words.modes(one)),
            contract_words.grouped(one.records_on(day)),
        ]
    )


@public()
@require_safe
def contract(request: HttpRequest, name: str) -> HttpResponse:
    """Show one contract in plain words."""
    day = today(system_clock())
    found = declared.contract(name, day)
    if found is None:
        raise NothingOffered
    language = get_language() or "vi"
    context = {
        "crumbs": crumbs(found.label(language), contracts=_("Contracts")),
        "contract": found,
        "label": found.label(language),
        "agency": contract_words.agency(found, language),
        "sentences": contract_words.sentences(found, day, language),
        "purposes": contract_words.purposes(found, language),
        "facts": contract_words.facts(found, day, language),
    }
    return render(request, "developers/contract.html", context)
