"""Keys come and go: the former one vouches for its successor in a note that both sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from dancu.audit.internal import keys
from dancu.audit.internal.sealing import locked_edge
from dancu.audit.models import SigningKey, TreeHead
from dancu.audit.notes import Head, Verifier, read_verifier, sign


def make_key(*, at: datetime) -> Verifier:
    """Make the key of a new log; does nothing when there is one."""
    with transaction.atomic(durable=True):
        return read_verifier(keys.make_first(at).verifier)


def rotate_key(*, at: datetime, lost: bool = False) -> Verifier:
    """Put a new key in the place of the one in use, and sign a head that names it.

    Both keys sign that head; with ``lost`` only the new one does, and whoever checks from outside
    must be given the new key by another way. Raises ``KeyMissing``.
    """
    former = None if lost else keys.signer()
    with transaction.atomic(durable=True):
        edge, last = locked_edge()
        new = keys.make_next()
        moment = max(at, last.at) if last else at
        head = Head(new.verifier.name, edge.size, edge.root(), moment)
        head = replace(head, new_key=str(new.verifier))
        pairs = [new.pair] if former is None else [former.pair, new.pair]
        note = sign(head, *pairs)
        TreeHead.objects.create(at=moment, size=head.size, root=head.root, note=note)
        SigningKey.objects.create(
            verifier=str(new.verifier),
            public=new.verifier.public,
            made_at=moment,
            introduction=note if former else "",
        )
    # Finds the new key in the file of the next one, and puts it in its place.
    return keys.signer().verifier
