"""What a caller asks, in the words of the door out."""

from __future__ import annotations

from dancu.disclosure.inquiries import Inquiry
from dancu.exchange.types import Verification
from dancu.kernel.errors import DancuError


def inquiry_of(one: Verification, error: DancuError | None) -> Inquiry:
    """Return the inquiry; with the error that refused it, so that the refusal is recorded."""
    caller, contract = one.caller, one.caller.contract
    return Inquiry(
        claims=one.claims,
        questions=one.questions,
        purpose=one.purpose,
        office=contract.agency,
        source=contract.source,
        contract=contract.name,
        client_id=caller.client_id,
        user=caller.user,
        request_id=caller.request_id,
        case=one.case or caller.issue,
        scope=contract.scope,
        refusal=error.code if error else "",
        is_sandbox=contract.is_sandbox,
        most_values=contract.values_per_person,
    )
