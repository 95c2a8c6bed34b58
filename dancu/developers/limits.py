"""How often strangers may do what costs something, counted by the network that they come from."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from dancu.developers.errors import TooManyFromHere
from dancu.developers.models import Attempt
from dancu.identity.throttle import network_of

#: How many, within how long.
ALLOWED = {
    Attempt.Kind.CLIENT: (10, timedelta(hours=1)),
    Attempt.Kind.TRIAL: (120, timedelta(minutes=10)),
}
KEPT = timedelta(days=1)


@transaction.atomic
def count(kind: Attempt.Kind, *, address: str, at: datetime) -> None:
    """Count one attempt. Raises ``TooManyFromHere``."""
    most, within = ALLOWED[kind]
    network = _hashed(network_of(address))
    with connection.cursor() as cursor:
        # Two at once would both see that one more is free.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [kind + network])
    lately = Attempt.objects.filter(kind=kind, network=network, at__gt=at - within).count()
    if lately >= most:
        raise TooManyFromHere(most=most, minutes=int(within.total_seconds() // 60))
    Attempt.objects.create(kind=kind, network=network, at=at)


def _hashed(network: str) -> str:
    return salted_hmac("dancu.developers.network", network, algorithm="sha256").hexdigest()[:40]
