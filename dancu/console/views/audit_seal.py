"""How the seal over the logs stands, and how anybody can check it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dancu.audit.queries import last_check
from dancu.audit.state import COUNTED, SealState, seal_state
from dancu.console.desk import Desk, at_desk
from dancu.console.words import moment_words
from dancu.design.values import Crumb, Fact, Stat
from dancu.identity.decorators import officer_required

_MINUTE = 60


@officer_required(action=("access_log.read", "operation.view"))
@require_safe
@at_desk
def seal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last head, its age, what waits, and what the last check found."""
    state, check = seal_state(), last_check()
    context = {
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Seal of the log"))],
        "is_late": state.is_late(desk.at),
        "stats": _stats(state, desk),
        "facts": _facts(state),
        "check": check,
        "checked": moment_words(check.at) if check else "",
        "head_href": reverse("audit:head"),
        "key_href": reverse("audit:key"),
        "is_broken": bool(check and check.findings),
    }
    return render(request, "console/audit/seal.html", context)


def _stats(state: SealState, desk: Desk) -> list[Stat]:
    age = state.age(desk.at)
    late = state.is_late(desk.at)
    waiting = f"{state.waiting:,}".replace(",", ".") + ("+" if state.waiting >= COUNTED else "")
    return [
        Stat(
            _("Age of the last head"),
            _age_words(age),
            detail=moment_words(state.at),
            tone="danger" if late else "success",
        ),
        Stat(_("Records in the log"), f"{state.size:,}".replace(",", ".")),
        Stat(_("Waiting for the next head"), waiting),
    ]


def _age_words(age: timedelta | None) -> str:
    if age is None:
        return _("none yet")
    seconds = int(age.total_seconds())
    if seconds < _MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = seconds // _MINUTE
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _facts(state: SealState) -> list[Fact]:
    return [
        Fact(_("Root"), state.root, code=True),
        Fact(_("Public key"), state.key, code=True),
        Fact(_("Signed heads"), f"{state.heads:,}".replace(",", ".")),
    ]
