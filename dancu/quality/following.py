"""Issues go along when the map takes people to another commune, and back from who left them.

No statement says that the map took somebody along. An examination of changes sees only those about
whom something was said; the one at night sees everybody. Until then the old ward would list people
whom it may not see, and the new one nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from dancu.agencies import queries as agencies
from dancu.agencies.errors import UnknownOffice
from dancu.kernel.clock import today
from dancu.places import queries as places
from dancu.places import restructuring
from dancu.population import measuring
from dancu.quality.models import Handling, Issue
from dancu.quality.queries import code_of

#: How far back changes are looked for: several turns of the job, should one be late.
REACH = timedelta(minutes=20)
_FOLLOW = """
UPDATE quality_issue i SET unit = l.commune::integer
FROM located l
WHERE i.subject = l.person_id AND i.unit <> l.commune::integer
"""


@transaction.atomic
def follow_map(*, at: datetime) -> int:
    """Bring issues of units that changed lately into the communes of today; return how many."""
    units = restructuring.touched_since(at - REACH)
    if not units:
        return 0
    measuring.locate(units)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW)
        return int(cursor.rowcount)


@transaction.atomic
def return_stray(*, at: datetime) -> int:
    """Hand back what was passed on to offices that do not serve where the people live now.

    The office that the rule names there has it again, and the history says so. Return how many.
    """
    passed = Issue.objects.filter(passed_to__isnull=False)
    pairs = passed.values_list("passed_to", "unit").distinct()
    found = [(office or "", unit) for office, unit in pairs]
    serves = {office: _served_by(office) for office in {office for office, _unit in found}}
    back = 0
    for office, unit in found:
        if places.is_within(code_of(unit), serves[office], today(at)):
            continue
        rows = list(passed.select_for_update().filter(passed_to=office, unit=unit))
        Handling.objects.bulk_create(
            Handling(
                subject=row.subject,
                rule=row.rule,
                opened_on=row.opened_on,
                act=Handling.Act.HANDED_BACK,
                office=office,
                at=at,
            )
            for row in rows
        )
        back += passed.filter(passed_to=office, unit=unit).update(passed_to=None)
    return back


def _served_by(office: str) -> frozenset[str]:
    try:
        return frozenset(agencies.office(office).serves)
    except UnknownOffice:
        return frozenset()
