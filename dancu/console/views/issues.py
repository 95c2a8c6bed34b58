"""What was wrong with a person's data, who handled it, and what closed it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dancu.catalogue.quality import quality
from dancu.console import ward
from dancu.console.desk import Desk, with_case
from dancu.console.show.issues import history_of
from dancu.console.views.person import READ_ISSUES, page_context, to_who_stays
from dancu.disclosure import services as door
from dancu.identity.decorators import officer_required
from dancu.quality import queries, worklist


@officer_required(action=READ_ISSUES)
@require_safe
@with_case
def issues(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The issues of a person about facts that the case shows, newest first."""
    page = door.disclose_page(**desk.access, subject=person_id)
    if page.header.person_id != person_id:
        return to_who_stays(request, page)
    entry = desk.case.entry if desk.case else None
    seen = {rule.number for rule in ward.visible_rules(desk, entry)}
    known = quality().by_number
    context = {
        **page_context(desk, page, "issues"),
        "events": history_of(
            page,
            {number: known[number] for number in seen},
            opened=queries.open_of(person_id),
            past=queries.past_of(person_id),
            handled=worklist.handled(person_id),
            language=desk.language,
        ),
    }
    return render(request, "console/issues.html", context)
