"""Whether a record of the steps says all that it must (Decree 104/2022/NĐ-CP)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_noop

from dancu.catalogue.one_stop import PAPER, OneStop, one_stop
from dancu.disclosure.cases import names_somebody
from dancu.kernel.errors import FieldError, Invalid
from dancu.onestop.types import Taken
from dancu.operation.logs import masked_text

LONGEST_NOTE = 200
#: The step that this desk is: the look-up in the register.
REGISTER = 1


def require_complete(taken: Taken, day: date, *, is_found: bool = True) -> None:
    """Raise ``Invalid`` naming each step that lacks its reason, and whatever does not belong.

    ``is_found`` says whether the register showed somebody: else step 1 did not succeed. Fields:
    ``step``, ``paper``, and ``reason_<n>``, ``note_<n>`` of each step.
    """
    errors = list(_problems(taken, one_stop(day)))
    if taken.succeeded == REGISTER and not is_found:
        errors.append(_not_found())
    if errors:
        raise Invalid(errors)


def _not_found() -> FieldError:
    return FieldError(
        "step",
        "register-did-not-answer",
        gettext_noop("The register showed nobody for this question, so step 1 did not succeed."),
        gettext_noop("Ask again with the card, or choose the step that did give the residence."),
    )


def _problems(taken: Taken, rules: OneStop) -> Iterator[FieldError]:
    numbers = [step.number for step in rules.steps]
    if taken.succeeded not in numbers:
        yield FieldError(
            "step",
            "step-missing",
            gettext_noop("Say at which step it succeeded."),
            gettext_noop("Choose one of the steps."),
        )
        return
    given = {one.step: one for one in taken.reasons}
    for number in numbers:
        if number < taken.succeeded:
            yield from _of_failed(number, taken, rules)
        elif number in given:
            yield FieldError(
                f"reason_{number}",
                "step-not-failed",
                gettext_noop(
                    "Step %(step)s is not before the one that succeeded, so it did not fail."
                ),
                gettext_noop(
                    "Take the reason away, or choose a later step as the one that succeeded."
                ),
                params={"step": number},
            )
    yield from _of_paper(taken, rules)


def _of_failed(number: int, taken: Taken, rules: OneStop) -> Iterator[FieldError]:
    found = next((one for one in taken.reasons if one.step == number), None)
    allowed = {one.name for one in rules.reasons_of(number)}
    if found is None or not found.reason:
        message = gettext_noop("Say why step %(step)s failed.")
        if taken.succeeded == PAPER:
            message = gettext_noop("Say why step %(step)s failed before a paper is asked for.")
        yield FieldError(
            f"reason_{number}",
            "reason-missing",
            message,
            gettext_noop("Choose a reason from the list; try the step first if nobody did."),
            params={"step": number},
        )
    elif found.reason not in allowed:
        yield FieldError(
            f"reason_{number}",
            "reason-unknown",
            gettext_noop("This is no reason for which step %(step)s may have failed."),
            gettext_noop("Choose one from the list."),
            params={"step": number},
        )
    if found is not None and (masked_text(found.note) != found.note or names_somebody(found.note)):
        yield FieldError(
            f"note_{number}",
            "note-names-somebody",
            gettext_noop("The note on step %(step)s holds what reads as a person's number."),
            gettext_noop("Notes are kept and listed: say what failed, and name nobody."),
            params={"step": number},
        )
    if found is not None and len(found.note) > LONGEST_NOTE:
        yield FieldError(
            f"note_{number}",
            "note-too-long",
            gettext_noop("The note on step %(step)s has more than %(most)s characters."),
            gettext_noop("Say it in fewer words, and name nobody."),
            params={"step": number, "most": LONGEST_NOTE},
        )


def _of_paper(taken: Taken, rules: OneStop) -> Iterator[FieldError]:
    if taken.succeeded == PAPER and taken.paper not in rules.papers:
        yield FieldError(
            "paper",
            "paper-missing",
            gettext_noop("Say which paper was asked for."),
            gettext_noop("The decree allows one of those in the list, and no other."),
        )
    elif taken.succeeded != PAPER and taken.paper:
        yield FieldError(
            "paper",
            "paper-not-needed",
            gettext_noop("No paper may be asked for when an earlier step succeeded."),
            gettext_noop("Leave the paper out."),
        )
