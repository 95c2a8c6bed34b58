"""Civil events: birth, death, marriage, divorce, change of name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console.desk import Desk, with_case
from dancu.console.forms.civil import (
    BirthForm,
    DeathForm,
    DivorceForm,
    MarriageForm,
    NameForm,
)
from dancu.console.views.about import About, about, form_options, posted, rows
from dancu.console.views.finding import by_number, presented
from dancu.console.views.flow import Outcome, declare
from dancu.console.words import day_words, sex_words
from dancu.design.values import Fact, Link
from dancu.disclosure import services as door
from dancu.disclosure.errors import PresentationRequired
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import FieldError, Invalid, NotFoundOrNotYours
from dancu.kernel.text import match_key
from dancu.population import services as register
from dancu.population.services.errors import PossibleDuplicate

_ACTION = "civil_event.register"


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def birth(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """A birth in the person's household; the person is mother or father and is filled in."""
    who = about(desk, person_id)
    form = BirthForm(posted(request), initial=_parents(who), **form_options(desk))
    extra: dict[str, object] = {}
    page = who.declaration(
        _("Register a birth"),
        intro=_("The child gets its number at once and joins the household of its parent."),
        save_label=_("Check the declaration"),
        template="console/birth.html",
        extra=extra,
    )

    def carry_out() -> Outcome:
        try:
            return _register_birth(who, form)
        except PossibleDuplicate as error:
            extra["duplicates"] = _duplicates(desk, error.person_ids)
            raise

    return declare(
        request, page, form, review=lambda: _review_birth(who, form), carry_out=carry_out
    )


def _parents(who: About) -> dict[str, object]:
    """Fill in the person as one parent and the spouse as the other."""
    is_mother = who.header.sex == "F"
    mine, other = ("mother", "father") if is_mother else ("father", "mother")
    return {
        f"{mine}_pid": "" if who.header.pid_is_masked else who.header.pid,
        f"{mine}_name": who.header.name,
        f"{other}_pid": who.value("spouse_pid"),
        f"{other}_name": who.value("spouse_name"),
        "lives_with": mine,
        "ethnicity": who.raw("ethnicity") or "",
        "birth_date": "",
    }


def _review_birth(who: About, form: BirthForm) -> list[Fact]:
    data = form.cleaned_data
    try:
        _parent_ids(who, form)
    except Invalid as error:
        form.absorb(error)
        return []
    place, hometown = data.get("birth_place"), data.get("hometown")
    return rows(
        {
            _("Full name of the child"): data["full_name"],
            _("Sex"): sex_words(data["sex"], form.language),
            _("Date of birth"): day_words(data["birth_date"]),
            _("Place of birth"): place.text if place else "",
            _("Hometown"): hometown.text if hometown else "",
            _("Mother"): " · ".join(w for w in (data["mother_name"], data["mother_pid"]) if w),
            _("Father"): " · ".join(w for w in (data["father_name"], data["father_pid"]) if w),
            _("Lives with"): dict(form.fields["lives_with"].choices)[data["lives_with"]],  # type: ignore[attr-defined]
            _("Number of the birth notice"): data["evidence_reference"],
            _("Why the birth is declared late"): data["late_reason"],
        }
    )


def _parent_ids(who: About, form: BirthForm) -> set[int]:
    """Return the parents named by number: of the area or presented, one of them this person.

    Raises ``Invalid`` naming the field of the parent.
    """
    data = form.cleaned_data
    own = "mother" if who.header.sex == "F" else "father"
    found = set()
    for role in ("mother", "father"):
        pid, name, field = data[f"{role}_pid"], data[f"{role}_name"], f"{role}_pid"
        if (key := by_number(who.desk, pid, name, field=field)) is not None:
            found.add(key)
    by_name = not who.header.pid and match_key(data[f"{own}_name"]) == match_key(who.header.name)
    if who.person_id in found or by_name:
        return found
    raise Invalid(
        [
            FieldError(
                f"{own}_pid",
                "another-person",
                "The person of this page is not among the parents.",
                "Enter the birth from the page of the mother or the father.",
            )
        ]
    )


def _register_birth(who: About, form: BirthForm) -> Outcome:
    data = form.cleaned_data
    parents = _parent_ids(who, form)
    declaration = register.BirthDeclaration(
        full_name=data["full_name"],
        sex=data["sex"],
        birth_date=data["birth_date"],
        ethnicity=data["ethnicity"],
        birth_place=data["birth_place"],
        hometown=data["hometown"],
        mother_pid=data["mother_pid"],
        mother_name=data["mother_name"],
        father_pid=data["father_pid"],
        father_name=data["father_name"],
        lives_with=data["lives_with"],
        registration_number=data["registration_number"],
        evidence_reference=data["evidence_reference"],
        declared_not_duplicate=data["declared_not_duplicate"],
        late_reason=data["late_reason"],
    )
    done = register.register_birth(
        declaration=declaration,
        presented=presented(who.desk, parents | {who.person_id}),
        actor=who.desk.actor,
        at=who.desk.at,
    )
    words = _("%(name)s is registered under No. %(number)s, personal number %(pid)s.") % {
        "name": data["full_name"],
        "number": done.number,
        "pid": done.pid,
    }
    child = Link(_("Open the child's record"), reverse("console:person", args=[done.person_id]))
    return Outcome(words, reverse("console:family", args=[who.person_id]), child)


def _duplicates(desk: Desk, person_ids: tuple[int, ...]) -> list[Link]:
    """Name those the child may be, as far as the officer may see them."""
    try:
        found = door.disclose(**desk.access, subjects=person_ids, attributes=["full_name"])
    except (NotFoundOrNotYours, PresentationRequired):
        # In a case for people from elsewhere only those who were admitted are named.
        return []
    return [Link(one.header.name, reverse("console:person", args=[one.person_id])) for one in found]


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def death(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """A death; the household may then need another head."""
    who = about(desk, person_id)
    form = DeathForm(posted(request), **form_options(desk))

    def carry_out() -> Outcome:
        data = form.cleaned_data
        done = register.register_death(
            declaration=register.DeathDeclaration(
                person_id=person_id,
                death_date=data["death_date"],
                registration_number=data["registration_number"],
                evidence_reference=data["evidence_reference"],
            ),
            presented=presented(desk, [person_id]),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("The death of %(name)s is registered under No. %(number)s.") % {
            "name": who.header.name,
            "number": done.number,
        }
        if done.widowed:
            words += " " + _("The spouse is widowed now.")
        history = who.history("life_status")
        if not done.needs_head or not done.head_candidates:
            return Outcome(words, who.href, history)
        href = reverse("console:head", args=[done.head_candidates[0]])
        warning = _("Household %(number)s has lost its head: choose another.") % {
            "number": done.household
        }
        return Outcome(
            words, href if desk.permits("household.manage") else who.href, history, warning
        )

    def review() -> list[Fact]:
        data = form.cleaned_data
        return rows(
            {
                _("Who has died"): who.header.name,
                _("Date of death"): day_words(data["death_date"]),
                _("Number of the death notice"): data["evidence_reference"],
            }
        )

    page = who.declaration(
        _("Register a death"),
        save_label=_("Check the declaration"),
        save_kind="danger",
        confirm_words=_("Make sure that this is the right person."),
    )
    return declare(request, page, form, review=review, carry_out=carry_out)


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def marriage(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """A marriage of the person with somebody in the register or a foreigner."""
    who = about(desk, person_id)
    form = MarriageForm(posted(request), **form_options(desk))

    def carry_out() -> Outcome:
        data = form.cleaned_data
        spouse = by_number(desk, data["spouse_pid"], data["spouse_name"], field="spouse_pid")
        outside = "" if spouse else data["spouse_name"]
        nationality = "" if spouse else data["spouse_nationality"]
        is_wife = who.header.sex == "F"
        done = register.register_marriage(
            declaration=register.MarriageDeclaration(
                husband_id=spouse if is_wife else person_id,
                wife_id=person_id if is_wife else spouse,
                day=data["day"],
                husband_name=outside if is_wife else "",
                wife_name="" if is_wife else outside,
                husband_nationality=nationality if is_wife else "",
                wife_nationality="" if is_wife else nationality,
                registration_number=data["registration_number"],
            ),
            presented=presented(desk, [person_id, *([spouse] if spouse else [])]),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("The marriage is registered under No. %(number)s.") % {"number": done.number}
        return Outcome(words, who.href, who.history("marital_status"))

    def review() -> list[Fact]:
        data = form.cleaned_data
        other = " · ".join(w for w in (data["spouse_name"], data["spouse_pid"]) if w)
        return rows(
            {
                _("One spouse"): who.header.name,
                _("The other spouse"): other,
                _("Day of the marriage"): day_words(data["day"]),
            }
        )

    page = who.declaration(_("Register a marriage"), save_label=_("Check the declaration"))
    return declare(request, page, form, review=review, carry_out=carry_out)


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def divorce(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """A divorce, on the judgment of a court."""
    who = about(desk, person_id)
    form = DivorceForm(posted(request), **form_options(desk))

    def carry_out() -> Outcome:
        data = form.cleaned_data
        done = register.register_divorce(
            person_id=person_id,
            day=data["day"],
            court_decision=data["court_decision"],
            registration_number=data["registration_number"],
            presented=presented(desk, [person_id]),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("The divorce is registered under No. %(number)s.") % {"number": done.number}
        return Outcome(words, who.href, who.history("marital_status"))

    def review() -> list[Fact]:
        data = form.cleaned_data
        return rows(
            {
                _("One spouse"): who.header.name,
                _("The other spouse"): who.value("spouse_name"),
                _("In force since"): day_words(data["day"]),
                _("Judgment or decision of the court"): data["court_decision"],
            }
        )

    page = who.declaration(_("Register a divorce"), save_label=_("Check the declaration"))
    return declare(request, page, form, review=review, carry_out=carry_out)


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def name(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Another name; the records of children and spouse follow."""
    who = about(desk, person_id)
    form = NameForm(posted(request), initial={"full_name": who.header.name}, **form_options(desk))

    def carry_out() -> Outcome:
        data = form.cleaned_data
        done = register.change_name(
            person_id=person_id,
            full_name=data["full_name"],
            day=data["day"],
            decision=data["decision"],
            keep_old_name=data["keep_old_name"],
            registration_number=data["registration_number"],
            presented=presented(desk, [person_id]),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("The name is changed to %(name)s under No. %(number)s.") % {
            "name": data["full_name"],
            "number": done.number,
        }
        return Outcome(words, who.href, who.history("full_name"))

    def review() -> list[Fact]:
        data = form.cleaned_data
        return rows(
            {
                _("Former name"): who.header.name,
                _("New full name"): data["full_name"],
                _("From the day"): day_words(data["day"]),
                _("Decision"): data["decision"],
            }
        )

    page = who.declaration(
        _("Change the name"),
        intro=_("The records of children and spouse, which repeat the name, follow."),
        save_label=_("Check the change"),
    )
    return declare(request, page, form, review=review, carry_out=carry_out)
