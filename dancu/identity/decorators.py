"""What a view needs of whoever asks: each route declares it here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from dancu.access.errors import ActionNotAllowed
from dancu.access.policy import is_allowed
from dancu.access.types import Actor
from dancu.catalogue.queries import actions as labels
from dancu.catalogue.queries import roles
from dancu.identity.errors import CitizensOnly, OfficersOnly, SignInNeeded
from dancu.identity.queries import actor_of
from dancu.operation.error_pages import wants_json

V = TypeVar("V", bound=Callable[..., HttpResponse])


class Decorator(Protocol):
    """Gives a view its condition and leaves its signature."""

    def __call__(self, view: V, /) -> V: ...


def officer_required(*actions: str, action: str | tuple[str, ...] = ()) -> Decorator:
    """Let officers in whose roles permit one of the actions, or any officer when none is named.

    Sets ``request.actor``. Somebody signed out is sent to sign in and comes back.
    """
    wanted = (*actions, *((action,) if isinstance(action, str) else action))

    def check(actor: Actor) -> None:
        if actor.kind != "officer":
            raise OfficersOnly
        _require_any(actor, wanted)

    return _guard(check, {"kind": "officer", "actions": wanted})


def citizen_required(action: str = "") -> Decorator:
    """Let citizens in, with the action where one is named. Sets ``request.actor``."""

    def check(actor: Actor) -> None:
        if actor.kind != "citizen":
            raise CitizensOnly
        _require_any(actor, (action,) if action else ())

    return _guard(check, {"kind": "citizen", "actions": (action,) if action else ()})


def sign_in_required() -> Decorator:
    """Let anybody in who is signed in. Sets ``request.actor``."""

    def check(actor: Actor) -> None:
        """Everybody may."""

    return _guard(check, {"kind": "any", "actions": ()})


def public() -> Decorator:
    """Say that a route is open to everybody."""

    def decorate(view: V) -> V:
        view.access = {"kind": "public", "actions": ()}  # type: ignore[attr-defined]
        return view

    return decorate


def _guard(check: Callable[[Actor], None], declared: dict[str, object]) -> Decorator:
    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor is None:
                return _to_sign_in(request)
            check(actor)
            request.actor = actor  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.access = declared  # type: ignore[attr-defined]
        return cast("V", guarded)

    return decorate


def _require_any(actor: Actor, actions: tuple[str, ...]) -> None:
    if actions and not any(is_allowed(actor, one, roles=roles()) for one in actions):
        language = get_language() or "vi"
        raise ActionNotAllowed(action=", ".join(labels()[one].label(language) for one in actions))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        raise SignInNeeded
    target = reverse("identity:sign_in")
    here = request.get_full_path() if request.method == "GET" else ""
    href = f"{target}?{urlencode({'next': here})}" if here else target
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = target
        return answer
    return HttpResponseRedirect(href)
