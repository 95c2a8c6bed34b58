"""Pages of signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dancu.design.chrome import Chrome
from dancu.identity import services
from dancu.identity.decorators import public, sign_in_required
from dancu.identity.errors import SignInFailed, TooManySignIns, WrongPassword
from dancu.identity.models import Account
from dancu.identity.queries import actor_of
from dancu.kernel.clock import system_clock
from dancu.kernel.errors import DancuError, FieldError, Invalid
from dancu.operation.callers import network_address

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@public()
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; begin a fresh session."""
    following = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "GET":
        actor = actor_of(request)
        if actor is not None and isinstance(request.user, Account):
            return HttpResponseRedirect(_next(request, request.user, following))
        return _sign_in_page(request, following)
    username = request.POST.get("username", "")
    try:
        account = services.sign_in(
            username=username,
            password=request.POST.get("password", ""),
            address=network_address(request),
            at=system_clock(),
        )
    except (SignInFailed, TooManySignIns) as error:
        return _sign_in_page(request, following, username=username, error=error)
    request.session.flush()
    login(request, account, backend=_BACKEND)
    return HttpResponseRedirect(_next(request, account, following))


@public()
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if isinstance(request.user, Account):
        services.sign_out(account_id=request.user.pk, at=system_clock())
    logout(request)
    return HttpResponseRedirect(reverse("identity:sign_in"))


@sign_in_required()
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of the account, on every device."""
    account = _account(request)
    services.sign_out_everywhere(account_id=account.pk, at=system_clock())
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return HttpResponseRedirect(reverse("identity:sign_in"))


@sign_in_required()
@sensitive_post_parameters("present", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other sessions end, this one goes on."""
    account = _account(request)
    if request.method == "GET":
        return _password_page(request)
    try:
        new = request.POST.get("new", "")
        if new != request.POST.get("again", ""):
            raise Invalid(
                [FieldError("again", "DIFFERS", "The two new passwords differ.", "Type it again.")]
            )
        changed = services.change_password(
            account_id=account.pk,
            present=request.POST.get("present", ""),
            new=new,
            at=system_clock(),
        )
    except (Invalid, WrongPassword, TooManySignIns) as error:
        return _password_page(request, error)
    login(request, changed, backend=_BACKEND)
    messages.success(request, _("The password is changed. Other devices are signed out."))
    return HttpResponseRedirect(_home(account))


def _sign_in_page(
    request: HttpRequest, following: str, *, username: str = "", error: DancuError | None = None
) -> HttpResponse:
    context = {
        "chrome": Chrome(home_href="/"),
        "username": username,
        "next": following,
        "error": error.text(_) if error else "",
        "remedy": error.remedy_text(_) if error else "",
    }
    status = error.http_status if error else 200
    response = render(request, "identity/sign_in.html", context, status=status)
    if isinstance(error, TooManySignIns):
        response["Retry-After"] = "60"
    return response


def _password_page(request: HttpRequest, error: DancuError | None = None) -> HttpResponse:
    errors = {item.field: item.text(_) for item in error.field_errors} if error else {}
    if isinstance(error, WrongPassword | TooManySignIns):
        errors = {"present": error.text(_)}
    context = {
        "chrome": Chrome(home_href="/"),
        "errors": errors,
        "home_href": _home(_account(request)),
    }
    return render(
        request, "identity/password.html", context, status=error.http_status if error else 200
    )


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)  # noqa: S101 - sign_in_required has let it through
    return request.user


def _home(account: Account) -> str:
    if account.kind == Account.Kind.OFFICER:
        return str(getattr(settings, "OFFICER_HOME_URL", "/console/"))
    return str(getattr(settings, "CITIZEN_HOME_URL", "/"))


def _next(request: HttpRequest, account: Account, following: str) -> str:
    """Return where to go after signing in: back, if that lies on this site, else home."""
    safe = url_has_allowed_host_and_scheme(
        following, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    here = reverse("identity:sign_in")
    return following if following and safe and not following.startswith(here) else _home(account)
