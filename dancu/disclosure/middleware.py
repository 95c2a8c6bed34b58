"""A refusal that the door did not see still leaves a record on the person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from dancu.disclosure.cases import case_of
from dancu.disclosure.services.refusing import refused
from dancu.kernel.errors import DancuError

#: How routes name the person that a page is about.
PERSON = ("person_id", "person")
_REFUSALS = (403, 404)


class RefusalMiddleware:
    """Records what a page about a person refused; stands below the error pages.

    A service that changes the register refuses without a trace, for it writes in a transaction
    that is rolled back. Refusals of the door have their records already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record the refusal; the answer is left to the error pages."""
        actor = getattr(request, "actor", None)
        person = _person(request)
        if actor is None or person is None or not isinstance(exception, DancuError):
            return
        if exception.http_status not in _REFUSALS:
            return
        at = timezone.now()
        case = case_of(request.session, actor=actor, at=at)
        refused(
            actor=actor,
            purpose=case.purpose if case else "",
            case=case.case if case else "",
            person_id=person,
            error=exception,
            at=at,
        )


def _person(request: HttpRequest) -> int | None:
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    found = next((kwargs[name] for name in PERSON if name in kwargs), None)
    return found if isinstance(found, int) else None
