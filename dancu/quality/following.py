"""Issues go along when the map takes people to another commune: no statement says so.

An examination of changes sees only those about whom something was said; the one at night sees
everybody. Until then the old ward would list people whom it may not see, and the new one nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from dancu.places import restructuring
from dancu.population import measuring

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
