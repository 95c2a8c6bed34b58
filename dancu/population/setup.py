"""What the register needs before anybody is entered: sources and kinds of evidence by number."""

from __future__ import annotations

from dancu.agencies.queries import source_kinds
from dancu.catalogue.queries import sources
from dancu.operation.setup_steps import CITY, step
from dancu.operation.terminal import Report
from dancu.population import dictionary, filling
from dancu.population.models import EvidenceKind, Source
from dancu.population.services.events import EVIDENCE

#: After the agencies, whose offices are sources; before the synthetic city.
ORDER = 300
#: Kinds that services and forms use. Numbered here, since a kind first met in a transaction that
#: is rolled back would have to be numbered again.
EVIDENCE_KINDS = (
    *EVIDENCE.values(),
    "residence_registration",
    "form_dc01",
    "form_ct01",
    "citizen_request",
    "correction_request",
    "conflict_settlement",
    "officer_check",
    "pid_decision",
    "file",
)


def _wanted_sources() -> dict[str, str]:
    """Return the kind of every declared source and of every source that an office has, by code."""
    return {code: entry.kind for code, entry in sources().items()} | source_kinds()


def _is_done() -> bool:
    known = dict(Source.objects.values_list("code", "kind"))
    kinds = set(EvidenceKind.objects.values_list("code", flat=True))
    return kinds >= set(EVIDENCE_KINDS) and known.items() >= _wanted_sources().items()


@step("population.sources", label="Sources of claims", order=ORDER, is_done=_is_done)
def number_sources(report: Report) -> None:
    """Give sources and kinds of evidence the small numbers under which statements keep them."""
    wanted = _wanted_sources()
    dictionary.sync_sources(wanted)
    for code in EVIDENCE_KINDS:
        dictionary.evidence_kind_id(code)
    report(len(wanted), len(wanted))


@step("population.indexes", label="Indexes of searches", order=CITY, is_done=filling.is_ready)
def make_indexes(report: Report) -> None:
    """Make the indexes that a first fill left out when it was cut short."""
    made = filling.make_ready()
    report(made, made)
