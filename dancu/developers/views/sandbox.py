"""A client for the sandbox, at once and without an account."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.developers import limits, queries, sandbox_people, services, snippets, words
from dancu.developers.errors import NothingOffered, SandboxFull, TooManyFromHere
from dancu.developers.models import Attempt
from dancu.developers.templatetags.developers import environment
from dancu.developers.types import Sandbox
from dancu.developers.views.common import address_of, crumbs
from dancu.exchange import clients
from dancu.exchange.api.basics import BASE
from dancu.exchange.clients import KeyTaken
from dancu.exchange.oauth.granting import ASSERTION_TYPE
from dancu.exchange.oauth.jose import KeyUnusable
from dancu.identity.decorators import public
from dancu.kernel.clock import system_clock, today
from dancu.kernel.errors import DancuError, FieldError
from dancu.operation.callers import network_address
from dancu.operation.error_pages import wants_json

_LONGEST_KEY = 10_000
#: What the script of the page puts the client's name in for.
CLIENT = "‹client›"
_OF_THE_KEY = (KeyUnusable, KeyTaken)
_OPENSSL = """openssl genpkey -algorithm ed25519 -out sandbox.pem
openssl pkey -in sandbox.pem -pubout"""


@public()
@require_http_methods(["GET", "POST"])
def sandbox(request: HttpRequest) -> HttpResponse:
    """Make a client: the key pair comes from the reader's browser, or from their own tools."""
    if request.method == "GET":
        return _page(request)
    given = request.POST.get("key", "")[:_LONGEST_KEY]
    label = request.POST.get("label", "")
    try:
        made = services.make_sandbox(
            key=given, label=label, address=network_address(request), at=system_clock()
        )
    except (KeyUnusable, KeyTaken, TooManyFromHere, SandboxFull) as error:
        if wants_json(request):
            raise
        return _page(request, key=given, label=label, error=error)
    href = reverse("developers:client", args=[made.name])
    if wants_json(request):
        return JsonResponse(_told(made, href), status=201)
    return HttpResponseRedirect(href)


def _told(made: Sandbox, href: str) -> dict[str, str]:
    return {
        "client": made.name,
        "expires": words.day_words(today(made.expires_at)),
        "href": href,
    }


def _page(
    request: HttpRequest, *, key: str = "", label: str = "", error: DancuError | None = None
) -> HttpResponse:
    most, within = limits.ALLOWED[Attempt.Kind.CLIENT]
    context = {
        "crumbs": crumbs(_("Sandbox key")),
        "key": key,
        "label": label,
        "error": error.text(_) if isinstance(error, _OF_THE_KEY) else "",
        "problems": [_problem(error)] if error else [],
        "address": address_of(request),
        "days": clients.SANDBOX_LIVES.days,
        "unused_days": clients.SANDBOX_UNUSED.days,
        "most": most,
        "minutes": int(within.total_seconds() // 60),
        "openssl": _OPENSSL,
        "data": _data(request),
    }
    status = error.http_status if error else 200
    return render(request, "developers/sandbox.html", context, status=status)


def _problem(error: DancuError) -> FieldError:
    is_key = isinstance(error, _OF_THE_KEY)
    return FieldError("key" if is_key else "", error.code, error.text(_), error.remedy_text(_))


def _data(request: HttpRequest) -> dict[str, object]:
    """Return what the script of the page needs: addresses, a question, commands, words."""
    address = address_of(request)
    asked = sandbox_people.known()
    question = asked[0].body if asked else {}
    return {
        "here": reverse("developers:sandbox"),
        "address": address,
        "base": BASE,
        "assertionType": ASSERTION_TYPE,
        "question": question,
        "curl": commands(address, question),
        "environment": environment(address, CLIENT),
        "words": {
            "making": _("Making the key pair …"),
            "registering": _("Registering the public key …"),
            "made": _("The client is made. Download its key."),
            "asking": _("Asking …"),
            "unable": _(
                "This browser makes no keys here: pages must come by https or from this machine. "
                "Make a pair with openssl and paste the public key below."
            ),
            "failed": _("The exchange could not be reached. Try again."),
        },
    }


def commands(address: str, question: object) -> str:
    """Return commands for a shell that work once an ASSERTION is put in."""
    body = json.dumps(question, ensure_ascii=False)
    return f"""TOKEN=$(curl -s '{address}/token' \\
  -d 'grant_type=client_credentials' \\
  -d 'client_assertion_type={ASSERTION_TYPE}' \\
  -d 'client_assertion=ASSERTION' |
  sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')
curl -s '{address}/verifications' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{body}'
"""


@public()
@require_safe
def client(request: HttpRequest, name: str) -> HttpResponse:
    """Say of a client how it asks; its key is with whoever made it."""
    found = queries.sandbox(name=name, at=system_clock())
    if found is None:
        raise NothingOffered
    context = {
        "crumbs": crumbs(found.name, sandbox=_("Sandbox key")),
        "client": found,
        "expires": words.day_words(today(found.expires_at)),
        "address": address_of(request),
        "common": snippets.snippet(snippets.COMMON, "curl"),
        "verify": snippets.snippet("verify", "curl"),
    }
    return render(request, "developers/client.html", context)
