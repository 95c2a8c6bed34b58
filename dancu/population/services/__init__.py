"""The use cases of the register: each one transaction, each fact entered through the door in."""

from dancu.population.services.adoptions import register_adoption
from dancu.population.services.birth_checks import BirthDeclaration
from dancu.population.services.births import BirthRegistration, register_birth
from dancu.population.services.confirming import Confirmation, confirm_facts, confirm_together
from dancu.population.services.conflicts import settle_conflict
from dancu.population.services.corrections import (
    Correction,
    annul_claim,
    correct_facts,
    is_correctable,
)
from dancu.population.services.deaths import DeathDeclaration, DeathRegistration, register_death
from dancu.population.services.events import EventRegistration
from dancu.population.services.households import (
    HeadChange,
    change_household_head,
    suggest_heads,
    suggest_relationship,
)
from dancu.population.services.marriages import (
    MarriageDeclaration,
    MarriageRegistration,
    register_divorce,
    register_marriage,
)
from dancu.population.services.merge_views import (
    MergeView,
    merge_of,
    merge_versions,
    merges_of,
)
from dancu.population.services.merging import decide_merge, propose_merge
from dancu.population.services.minors import minors_without_parents
from dancu.population.services.names import change_name
from dancu.population.services.numbers import ReissueReason, issue_pid, reissue_pid
from dancu.population.services.records import version_of
from dancu.population.services.requests import RequestMade, decide_correction, request_correction
from dancu.population.services.residence import LeftHousehold, Move, register_move
from dancu.population.services.stays import (
    declare_current_residence,
    end_temporary_absence,
    end_temporary_residence,
    record_lodging,
    register_temporary_absence,
    register_temporary_residence,
)
from dancu.population.services.unmerging import decide_undo, propose_undo

__all__ = [
    "BirthDeclaration",
    "BirthRegistration",
    "Confirmation",
    "Correction",
    "DeathDeclaration",
    "DeathRegistration",
    "EventRegistration",
    "HeadChange",
    "LeftHousehold",
    "MarriageDeclaration",
    "MarriageRegistration",
    "MergeView",
    "Move",
    "ReissueReason",
    "RequestMade",
    "annul_claim",
    "change_household_head",
    "change_name",
    "confirm_facts",
    "confirm_together",
    "correct_facts",
    "decide_correction",
    "decide_merge",
    "decide_undo",
    "declare_current_residence",
    "end_temporary_absence",
    "end_temporary_residence",
    "is_correctable",
    "issue_pid",
    "merge_of",
    "merge_versions",
    "merges_of",
    "minors_without_parents",
    "propose_merge",
    "propose_undo",
    "record_lodging",
    "register_adoption",
    "register_birth",
    "register_death",
    "register_divorce",
    "register_marriage",
    "register_move",
    "register_temporary_absence",
    "register_temporary_residence",
    "reissue_pid",
    "request_correction",
    "settle_conflict",
    "suggest_heads",
    "suggest_relationship",
    "version_of",
]
