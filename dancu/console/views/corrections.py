"""Correcting a fact, and settling what sources disagree about."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.catalogue.types import Attribute
from dancu.console import communes, versions
from dancu.console.authority import stronger_than
from dancu.console.desk import Desk, with_case
from dancu.console.fitting import require_in_full
from dancu.console.forms.base import evidence_of
from dancu.console.forms.correct import OWN_WAY, CorrectForm, DecisionForm
from dancu.console.show.conflicts import advice_on, reasons_of, side_badge
from dancu.console.show.facts import conflict_of, fact_href, fact_words
from dancu.console.show.ward import effect_words
from dancu.console.views.about import About, about, form_options, posted, rows
from dancu.console.views.facts import known_attribute
from dancu.console.views.finding import by_number
from dancu.console.views.flow import Outcome, declare
from dancu.console.waiting import forget_waiting
from dancu.console.ward import visit_of
from dancu.console.words import day_words, evidence_words
from dancu.design.values import Fact
from dancu.disclosure.types import Address
from dancu.disclosure.types import Conflict as DisclosedConflict
from dancu.disclosure.words import phone_text
from dancu.identity.decorators import officer_required
from dancu.kernel.dates import parse_iso
from dancu.kernel.errors import Conflict, DancuError, Invalid
from dancu.population import services as register
from dancu.population.errors import PopulationError
from dancu.population.services.errors import NotOfTheDead
from dancu.quality import settling
from dancu.quality.errors import WorseIssue

#: The reason given where a decision is only tried.
_TRIED = "—"


@officer_required(action="people.correct")
@require_http_methods(["GET", "POST"])
@with_case
def correct(request: HttpRequest, desk: Desk, person_id: int, name: str) -> HttpResponse:
    """Enter the right value of one fact; who decides it is told before anybody types."""
    attr = known_attribute(name)
    if attr.name in OWN_WAY:
        raise Http404
    require_in_full(desk, "people.correct", attr)
    seen = versions.hidden(request, [person_id])
    who = about(desk, person_id)
    if not register.is_correctable(attr.name, is_alive=who.is_alive):
        raise NotOfTheDead(attribute=attr.label(desk.language))
    form = CorrectForm(posted(request), attr=attr, initial=_begin(who, attr), **form_options(desk))
    label = attr.label(desk.language)
    held = who.page.facts.get(attr.name)
    stronger = stronger_than(desk, attr, held)
    page = who.declaration(
        _("Correct: %(fact)s") % {"fact": label},
        save_label=_("Check the correction"),
        template="console/correct.html",
        extra={
            "versions": seen,
            "stronger": stronger,
            "holds": fact_words(held, desk.language) if held else "",
            "holds_source": (
                held.origin.source_label(desk.language) if held and held.origin else ""
            ),
            "legal_basis": attr.legal_basis,
            "fact_href": fact_href(person_id, attr.name),
        },
    )

    def require_checked() -> int:
        if form.names_relative:
            data = form.cleaned_data
            by_number(desk, data["value"], data["relative_name"], field="value")
        return versions.required(request, [person_id])[person_id]

    def enter(expected: int) -> register.Correction:
        return register.correct_facts(
            person_id=person_id,
            claims=form.claims,
            evidence=evidence_of(form),
            day=form.cleaned_data["day"],
            actor=desk.actor,
            at=desk.at,
            expected_statement_id=expected,
        )

    def carry_out() -> Outcome:
        expected = require_checked()
        done = settling.settle(
            act=lambda: enter(expected),
            people=[person_id],
            attributes=[attr.name],
            actor=desk.actor,
            at=desk.at,
            despite=form.why_despite,
        )
        warning = ""
        if done.result.pid_needs_reissue:
            warning = _(
                "The personal identification number does not fit the sex or year of birth any "
                "more. The provincial office cancels it and gives another."
            )
        words = _("Corrected: %(fact)s.") % {"fact": label}
        words = f"{words} {effect_words(done.effect, desk.language)}".strip()
        back = visit_of(request) or who.href
        return Outcome(words, back, who.history(attr.name), warning)

    def review() -> list[Fact]:
        data = form.cleaned_data
        try:
            expected = require_checked()
            _require_no_worse(desk, lambda: enter(expected), person_id, attr, form)
        except (Invalid, WorseIssue) as error:
            form.absorb(error)
            return []
        return rows(
            {
                _("The register holds"): fact_words(held, desk.language) if held else _("nothing"),
                _("It shall hold"): _value_words(form, attr),
                _("Right since"): day_words(data["day"]),
                _("Evidence"): evidence_words(data["evidence_kind"], data["evidence_reference"]),
            }
        )

    return declare(request, page, form, review=review, carry_out=carry_out)


def _require_no_worse(
    desk: Desk, enter: Callable[[], object], person_id: int, attr: Attribute, form: CorrectForm
) -> None:
    """Raise ``WorseIssue`` before anybody confirms; other refusals come when it is entered."""
    try:
        settling.try_out(
            act=enter,
            people=[person_id],
            attributes=[attr.name],
            at=desk.at,
            despite=form.why_despite,
        )
    except (Conflict, PopulationError):
        return


def _begin(who: About, attr: Attribute) -> dict[str, object]:
    """Begin with what the register holds, so that a slip is mended rather than retyped."""
    value = who.raw(attr.name)
    start: dict[str, object] = {"day": day_words(who.desk.today)}
    if isinstance(value, Address):
        start["value_text"] = value.text
        start["value_commune"] = communes.words_of(value.unit_now, who.desk.today)
    elif attr.type == "date" and isinstance(value, str):
        start["value"] = day_words(parse_iso(value))
    elif attr.type == "text_list" and isinstance(value, list | tuple):
        start["value"] = "\n".join(str(one) for one in value)
    elif value is not None:
        start["value"] = value
    return start


def _value_words(form: CorrectForm, attr: Attribute) -> str:
    value = form.cleaned_data["value"]
    if attr.type == "address":
        return str(value.text)
    if attr.type == "date":
        return day_words(value)
    if attr.type == "phone":
        return phone_text(value)
    field = form.fields["value"]
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    return str(choices.get(value, value))


@officer_required(action="conflict.settle")
@require_http_methods(["GET", "POST"])
@with_case
def conflict(
    request: HttpRequest, desk: Desk, person_id: int, name: str, statement_id: int
) -> HttpResponse:
    """Both sides next to each other, and a decision with its reason."""
    attr = known_attribute(name)
    require_in_full(desk, "conflict.settle", attr)
    seen = versions.hidden(request, [person_id])
    who = about(desk, person_id)
    found = next(
        (
            one
            for one in who.page.conflicts
            if one.attribute == attr.name and one.statement_id == statement_id
        ),
        None,
    )
    if found is None:
        raise Http404
    decisions = [
        ("dismiss", _("The register is right; the other claim is dismissed")),
        ("accept", _("The other source is right; the register takes its value")),
    ]

    def settle(decision: str, reason: str, expected: int | None = None) -> None:
        register.settle_conflict(
            person_id=person_id,
            attribute_name=attr.name,
            statement_id=statement_id,
            decision="accept" if decision == "accept" else "dismiss",
            reason=reason,
            actor=desk.actor,
            at=desk.at,
            expected_statement_id=expected,
        )

    form = DecisionForm(posted(request), decisions=decisions, **form_options(desk))
    label = attr.label(desk.language)
    shown = conflict_of(found, person_id, language=desk.language, may_settle=False)
    title = _("Settle the conflict: %(fact)s") % {"fact": label}
    page = who.declaration(
        title,
        save_label=_("Settle"),
        template="console/conflict.html",
        extra={
            "versions": seen,
            "shown": shown,
            **_advice(desk, attr, found, person_id, settle),
            "stronger": stronger_than(desk, attr, who.page.facts.get(attr.name)),
            "fact_href": fact_href(person_id, attr.name),
        },
    )

    def carry_out() -> Outcome:
        decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
        expected = versions.required(request, [person_id])[person_id]
        done = settling.settle(
            act=lambda: settle(decision, reason, expected),
            people=[person_id],
            attributes=[attr.name],
            actor=desk.actor,
            at=desk.at,
            despite=form.why_despite,
        )
        forget_waiting(desk)
        words = (
            _("Settled: the register takes the other value.")
            if decision == "accept"
            else _("Settled: the other claim is dismissed.")
        )
        words = f"{words} {effect_words(done.effect, desk.language)}".strip()
        return Outcome(words, visit_of(request) or who.href, who.history(attr.name))

    return declare(request, page, form, carry_out=carry_out)


def _advice(
    desk: Desk,
    attr: Attribute,
    found: DisclosedConflict,
    person_id: int,
    settle: Callable[[str, str], None],
) -> dict[str, object]:
    """Say which side is likelier right, after trying what the other value would do to issues."""
    if not found.is_open:
        return {}
    try:
        effect = settling.attempt(
            act=lambda: settle("accept", _TRIED),
            people=[person_id],
            attributes=[attr.name],
            at=desk.at,
        )
    except DancuError:  # The office cannot take the other value over; the rest still tells.
        effect = None
    advice = advice_on(attr, found, effect)
    if advice is None:
        return {}
    return {
        "likelier": side_badge(advice),
        "reasons": reasons_of(advice, attr, desk.language),
    }
