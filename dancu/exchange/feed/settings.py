"""What operators set about webhooks."""

from __future__ import annotations

import ipaddress
from functools import cache
from urllib.parse import urlsplit

from dancu.exchange.feed.guard import Rules
from dancu.operation.config import current

#: Who asks, where operators have not set the exchange's address.
_NAMELESS = "dancu.invalid"


def rules() -> Rules:
    """Return where webhooks may go to."""
    exchange = current().exchange
    return _rules(exchange.webhook_networks, exchange.webhook_ca_file)


@cache
def _rules(networks: tuple[str, ...], ca_file: str) -> Rules:
    return Rules(tuple(ipaddress.ip_network(one) for one in networks), ca_file)


def origin() -> str:
    """Return the name by which the exchange asks receivers whether they agree."""
    return urlsplit(current().exchange.address).hostname or _NAMELESS
