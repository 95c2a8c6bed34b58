"""A pair of records that an officer knows to be of one person: two numbers, looked at, entered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console.desk import Desk, with_case
from dancu.console.forms.duplicates import SuggestForm
from dancu.console.show.duplicates import pair_href
from dancu.console.show.facts import fact_words
from dancu.console.views.about import form_options, posted
from dancu.console.views.flow import Declaration, Outcome, declare
from dancu.console.words import day_words
from dancu.design.values import Crumb
from dancu.design.values import Fact as Shown
from dancu.disclosure import services as door
from dancu.disclosure.types import Disclosed
from dancu.duplicates.suggesting import suggest as enter
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import NotFoundOrNotYours

SHOWN = ("full_name", "birth_date", "sex", "pid", "permanent_residence")


@officer_required(action="merge.propose")
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def suggest(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for two numbers, show whom they lead to, and enter the pair for two officers."""
    form = SuggestForm(posted(request), **form_options(desk))
    title = _("Enter a pair")
    page = Declaration(
        title=title,
        crumbs=[
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("Duplicates"), reverse("console:duplicates")),
            Crumb(title),
        ],
        intro=_("Two numbers of one person. Both records are compared, and two officers decide."),
        save_label=_("Look at both"),
        confirm_words=_("If these are one person, confirm; two officers decide on the pair."),
        back_href=reverse("console:duplicates"),
    )

    def carry_out() -> Outcome:
        first, second = (_found(desk, form, name) for name in ("first", "second"))
        if first is None or second is None:
            raise NotFoundOrNotYours
        pair = enter(
            person_ids=(first.person_id, second.person_id),
            reason=form.cleaned_data["reason"],
            actor=desk.actor,
            at=desk.at,
        )
        return Outcome(_("Entered. Compare both records, then decide."), pair_href(pair))

    def review() -> list[Shown]:
        both = [_found(desk, form, name) for name in ("first", "second")]
        rows = [
            Shown(label, _words(one, desk.language))
            for label, one in zip((_("One record"), _("The other record")), both, strict=True)
            if one is not None
        ]
        return [*rows, Shown(_("Reason"), form.cleaned_data["reason"])]

    return declare(request, page, form, review=review, carry_out=carry_out)


def _found(desk: Desk, form: SuggestForm, name: str) -> Disclosed | None:
    """Disclose whom a number leads to; of somebody absent or elsewhere the form says the same."""
    try:
        (found,) = door.disclose(
            **desk.access, subjects=["".join(form.cleaned_data[name].split())], attributes=SHOWN
        )
    except NotFoundOrNotYours:
        form.add_error(name, _("Nobody of your area or admitted to this case has this number."))
        return None
    return found


def _words(one: Disclosed, language: str) -> str:
    home = one.facts.get("permanent_residence")
    told = (
        one.header.name or _("Name not known"),
        day_words(one.header.birth_date),
        one.header.pid,
        fact_words(home, language) if home else "",
    )
    return " · ".join(words for words in told if words)
