"""The door out: the one way in which anybody sees a person."""

from dancu.disclosure.services.disclosing import disclose, key_of, may_handle, reveal
from dancu.disclosure.services.log import access_log, accesses_of, offices_that_looked
from dancu.disclosure.services.looks import looks_together
from dancu.disclosure.services.own import own_household, own_record
from dancu.disclosure.services.pages import disclose_page
from dancu.disclosure.services.presenting import present
from dancu.disclosure.services.readers import looks_behind, unusual_readers
from dancu.disclosure.services.refusing import refused
from dancu.disclosure.services.sealed import receipt_of_access
from dancu.disclosure.services.searching import search
from dancu.disclosure.services.standing import still_holds
from dancu.disclosure.services.work import (
    open_conflicts,
    own_requests,
    request_page,
    waiting_counts,
    waiting_requests,
)

__all__ = [
    "access_log",
    "accesses_of",
    "disclose",
    "disclose_page",
    "key_of",
    "looks_behind",
    "looks_together",
    "may_handle",
    "offices_that_looked",
    "open_conflicts",
    "own_household",
    "own_record",
    "own_requests",
    "present",
    "receipt_of_access",
    "refused",
    "request_page",
    "reveal",
    "search",
    "still_holds",
    "unusual_readers",
    "waiting_counts",
    "waiting_requests",
]
