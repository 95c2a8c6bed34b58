"""Verifying files for agencies: send one in, confirm its columns, watch it, fetch its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dancu.agencies.errors import UnknownOffice
from dancu.agencies.queries import office
from dancu.catalogue.contracts import Contract, contracts, contracts_to_fetch, last_contract
from dancu.console import uploads
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.exchange import ColumnsForm, VerifyForm
from dancu.console.show import batches as show
from dancu.console.views.about import posted
from dancu.console.views.uploads import size_words
from dancu.design.paging import Window, window_of
from dancu.design.tags.display import grouped
from dancu.design.values import Crumb, Fact, Link
from dancu.exchange.batches import output, queries, services
from dancu.exchange.batches.errors import BatchGone
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.types import Standing
from dancu.exchange.contracts import contract_at
from dancu.exchange.types import Caller, client_of_office
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError
from dancu.operation.uploads import TABLE_BYTES

VERIFY, MANAGE = "exchange.verify", "exchange.manage"
UNPROCESSABLE = 422
#: More rows are handed out as CSV and JSON only: a spreadsheet program takes no more.
MOST_IN_WORKBOOK = 1_000_000


def contracts_of(desk: Desk) -> list[Contract]:
    """Return the contracts under which an officer may ask: all, or those of their agency."""
    found = [one for one in contracts(desk.today) if "batch" in one.modes]
    if desk.may(MANAGE):
        return found
    return [one for one in found if one.agency == _agency_of(desk)]


def _names_seen(desk: Desk) -> list[str]:
    """Return the contracts whose files an officer of the agency may see, also lately ended."""
    agency = _agency_of(desk)
    return [one.name for one in contracts_to_fetch(desk.today) if one.agency == agency]


def _agency_of(desk: Desk) -> str | None:
    try:
        return office(desk.actor.office_code).agency_code
    except UnknownOffice:
        return None


def _may_fetch(desk: Desk, batch: Batch, contract: Contract) -> bool:
    """Say whether an officer may have the rows of a batch and what came of each.

    Whoever looks after the queue sees how all batches stand; their rows are for the office that
    sent them and for the agency of the contract. What the command line sent for no office, only the
    command line fetches.
    """
    if not desk.may(VERIFY):
        return False
    is_own = batch.client == client_of_office(desk.actor.office_code)
    return is_own or contract.agency == _agency_of(desk)


def _is_nobodys(batch: Batch) -> bool:
    return batch.client_id is None and not batch.client.startswith(client_of_office(""))


def caller_of(desk: Desk, contract: Contract) -> Caller:
    """Return the officer as somebody who asks under a contract."""
    return Caller(
        client_id=None,
        client=client_of_office(desk.actor.office_code),
        contract=contract,
        user=desk.actor.name,
    )


def crumbs(*here: str) -> list[Crumb]:
    """Return the way back from a page about verified files."""
    return [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Verification"), reverse("console:verifications") if here else ""),
        *(Crumb(one) for one in here),
    ]


@officer_required(action=(VERIFY, MANAGE))
@require_safe
@at_desk
def verifications(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the files, the newest first."""
    own = None if desk.may(MANAGE) else _names_seen(desk)
    window = window_of(request)
    found, has_next = queries.listed(at=desk.at, contracts=own, window=window)
    context = {
        "table": show.table_of(
            found, at=desk.at, language=desk.language, may_send=desk.may(VERIFY)
        ),
        "window": Window(window, has_next),
        "may_send": desk.may(VERIFY),
        "unconfirmed": show.unconfirmed_table(
            queries.unconfirmed(account_id=desk.actor.account_id)
        ),
        "crumbs": crumbs(),
    }
    return render(request, "console/exchange/verifications.html", context)


@officer_required(action=VERIFY)
@require_http_methods(["GET", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file and read it through; nobody is asked about yet."""
    form = VerifyForm(
        posted(request),
        request.FILES or None,
        contracts=contracts_of(desk),
        language=desk.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = _received(form, desk)
        except DancuError as error:
            form.add_error("file", words_of_error(error))
        else:
            href = reverse("console:verification-confirm", args=[found.reference])
            return HttpResponseRedirect(href)
    context = {
        "form": form,
        "largest": TABLE_BYTES,
        "largest_mb": TABLE_BYTES // 2**20,
        "has_contracts": bool(contracts_of(desk)),
        "crumbs": crumbs(_("Verify a file")),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/exchange/new.html", context, status=status)


def _received(form: VerifyForm, desk: Desk) -> Batch:
    file = form.cleaned_data["file"]
    contract = contract_at(form.cleaned_data["contract"], desk.at)
    return services.receive(
        file=file,
        name=file.name or "",
        caller=caller_of(desk, contract),
        at=desk.at,
        actor=desk.actor,
        largest=TABLE_BYTES,
    )


def _own(desk: Desk, reference: str) -> tuple[Batch, Contract]:
    """Return a batch that the officer may see; 404 alike for none and for another agency's."""
    try:
        batch = queries.find(reference=reference)
    except BatchGone:
        raise Http404 from None
    contract = last_contract(batch.contract)
    is_own = desk.may(MANAGE) or batch.contract in _names_seen(desk)
    if contract is None or not is_own:
        raise Http404
    return batch, contract


@officer_required(action=VERIFY)
@require_http_methods(["GET", "POST"])
@at_desk
def confirm(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Show what the columns seem to mean, let it be set right, and put the file in the queue."""
    batch, contract = _own(desk, reference)
    shown = queries.standing(reference=reference, at=desk.at)
    if shown.state != "shown":
        return HttpResponseRedirect(show.page_href(reference))
    if batch.account_id != desk.actor.account_id:
        raise Http404
    form = ColumnsForm(
        posted(request),
        columns=shown.columns,
        contract=contract,
        today=desk.today,
        language=desk.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(
                reference=reference,
                caller=caller_of(desk, contract),
                purpose=form.cleaned_data["purpose"],
                meanings=form.meanings,
                questions=form.questions,
                case=form.cleaned_data["case"].strip(),
                actor=desk.actor,
                at=desk.at,
            )
        except DancuError as error:
            form.absorb(error)
        else:
            return HttpResponseRedirect(show.page_href(reference))
    context = _confirm_context(batch, shown, form, contract, desk)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/exchange/confirm.html", context, status=status)


def _confirm_context(
    batch: Batch, shown: Standing, form: ColumnsForm, contract: Contract, desk: Desk
) -> dict[str, object]:
    known = [
        bound for bound, column in zip(form.columns, shown.columns, strict=True) if column.meaning
    ]
    encodings = {"western": _("one byte a letter"), "cp1258": "Windows-1258"}
    return {
        "batch": shown,
        "form": form,
        "recognised": known,
        "others": [bound for bound in form.columns if bound not in known],
        "asks": [form[name] for name in ("is_alive", "years", "commune") if name in form.fields],
        "by_content": any(column.by_content for column in shown.columns),
        "file_facts": [
            Fact(_("File"), shown.name),
            Fact(_("Rows"), grouped(shown.rows)),
            Fact(_("Size"), size_words(batch.size)),
            Fact(_("Writing"), encodings.get(shown.encoding, shown.encoding.upper())),
            Fact(_("Contract"), contract.label(desk.language)),
        ],
        "discard_href": reverse("console:verification-discard", args=[shown.reference]),
        "crumbs": crumbs(shown.name),
    }


@officer_required(action=(VERIFY, MANAGE))
@require_safe
@at_desk
def verification(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """How a file stands: the bar, then what came of the rows by group and what to do."""
    batch, contract = _own(desk, reference)
    one = queries.standing(reference=reference, at=desk.at)
    if one.state == "shown":
        return HttpResponseRedirect(show.page_href(reference, "verification-confirm"))
    said, what = uploads.problem_words(one.problem)
    context = {
        "batch": one,
        "badge": show.state_badge(one),
        "progress": None if one.state == "done" else show.progress_of(one, desk.at),
        "stats": show.stats_of(one),
        "summary": show.summary_table(one) if one.done else None,
        "problem": said,
        "what_to_do": what,
        "downloads": _downloads(one)
        if one.has_answers and _may_fetch(desk, batch, contract)
        else [],
        "command": f"dancu verify --fetch {reference}"
        if one.has_answers and _is_nobodys(batch)
        else "",
        "stop_href": _action(one, "stop", desk) if one.state == "waiting" else "",
        "resume_href": _action(one, "resume", desk) if one.state in {"stopped", "failed"} else "",
        "facts": show.facts_of(one, desk.language),
        "crumbs": crumbs(one.name),
    }
    return render(request, "console/exchange/verification.html", context)


def _action(one: Standing, what: str, desk: Desk) -> str:
    if not desk.may(VERIFY) or one.forgotten_at is not None:
        return ""
    return reverse(f"console:verification-{what}", args=[one.reference])


def _downloads(one: Standing) -> Sequence[Link]:
    kinds = [
        ("xlsx", _("Answers (XLSX)"), "primary", "download"),
        ("csv", _("Answers (CSV)"), "secondary", ""),
        ("json", _("Answers (JSON)"), "secondary", ""),
    ]
    return [
        Link(
            words,
            reverse("console:verification-answers", args=[one.reference, kind]),
            icon,
            tone,
        )
        for kind, words, tone, icon in kinds
        if kind != "xlsx" or one.rows <= MOST_IN_WORKBOOK
    ]


@officer_required(action=(VERIFY, MANAGE))
@require_safe
@at_desk
def progress(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The bar alone, for the page that shows it; the whole page once there is more to say."""
    _own(desk, reference)
    one = queries.standing(reference=reference, at=desk.at)
    if one.state != "waiting":
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = show.progress_of(one, desk.at)
    return render(request, "console/parts/progress.html", {"progress": shown})


@officer_required(action=VERIFY)
@require_safe
@at_desk
def answers(_request: HttpRequest, desk: Desk, reference: str, kind: str) -> HttpResponse:
    """Download the rows answered so far, each with what came of it."""
    batch, contract = _own(desk, reference)
    if kind not in output.FORMATS or not _may_fetch(desk, batch, contract):
        raise Http404
    content = output.content(batch, format_=cast("output.Format", kind), language=desk.language)
    pieces = services.noted(pieces=content, batch=batch, at=desk.at, actor=desk.actor)
    answer = StreamingHttpResponse(pieces, content_type=output.FORMATS[kind])
    answer["Content-Disposition"] = f'attachment; filename="verified-{reference[:8]}.{kind}"'
    return cast("HttpResponse", answer)


@officer_required(action=VERIFY)
@require_POST
@at_desk
def stop(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Stop a batch; what is answered stays."""
    _own(desk, reference)
    try:
        batch = services.stop(reference=reference, at=desk.at, by=desk.actor.name, actor=desk.actor)
    except DancuError as error:
        messages.warning(request, words_of_error(error))
    else:
        words = ngettext("Stopped after %(rows)s row.", "Stopped after %(rows)s rows.", batch.done)
        messages.success(request, words % {"rows": grouped(batch.done)})
    return HttpResponseRedirect(show.page_href(reference))


@officer_required(action=VERIFY)
@require_POST
@at_desk
def resume(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Put a batch that was stopped back in the queue."""
    _own(desk, reference)
    try:
        services.resume(reference=reference, at=desk.at, actor=desk.actor)
    except DancuError as error:
        messages.warning(request, words_of_error(error))
    return HttpResponseRedirect(show.page_href(reference))


@officer_required(action=VERIFY)
@require_POST
@at_desk
def discard(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Delete a file that was not confirmed."""
    batch, _contract = _own(desk, reference)
    if batch.account_id != desk.actor.account_id:
        raise Http404
    services.discard(reference=reference, actor=desk.actor, at=desk.at)
    messages.success(request, _("The file is deleted; nobody was asked about."))
    return HttpResponseRedirect(reverse("console:verifications"))
