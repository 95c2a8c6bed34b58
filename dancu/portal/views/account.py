"""The reader's account: password, devices, language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.values import Crumb
from dancu.identity.decorators import citizen_required
from dancu.portal.values import Task
from dancu.portal.views.asking import crumbs


@citizen_required()
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What can be done with the account itself."""
    tasks = [
        Task(
            _("Change the password"),
            reverse("identity:password"),
            _("Do this at once if somebody else may know it."),
            "key",
        )
    ]
    context = {"crumbs": crumbs(Crumb(_("My account"))), "tasks": tasks}
    return render(request, "portal/account.html", context)
