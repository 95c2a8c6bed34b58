"""Every setting: its default, what it is for, and what is checked. See ``config``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dancu.operation import config_checks as checks


def setting(
    default: Any,
    doc: str,
    *,
    check: checks.Check | None = None,
    secret: bool = False,
    env: str = "",
) -> Any:
    """A field with all that is known of a setting."""
    metadata = {"doc": doc, "check": check, "secret": secret, "env": env}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Web:
    """The web server."""

    host: str = setting("127.0.0.1", "Address that the web server listens on.")
    port: int = setting(8006, "Port of the web server.", check=checks.between(1, 65535))
    workers: int = setting(2, "Web server processes.", check=checks.between(1, 64))
    threads: int = setting(8, "Threads in each process.", check=checks.between(1, 256))
    allowed_hosts: tuple[str, ...] = setting(
        ("127.0.0.1", "localhost"),
        "Host names under which the site answers; another is refused. From this machine it always "
        "answers as 127.0.0.1 and localhost, for probes.",
        check=checks.host_names,
    )
    address: str = setting(
        "",
        "Address under which the public reaches the site, such as https://dancu.example.vn, as "
        "printed on extracts. When empty, the address that the officer's browser used.",
        check=checks.address,
    )
    https: bool = setting(
        default=False,
        doc="The site is reached by https (through a proxy that sets X-Forwarded-Proto). "
        "Cookies are then sent over https only, and browsers are told to stay on https.",
    )
    trusted_origins: tuple[str, ...] = setting(
        (),
        "Origins from which forms may be sent when a proxy changes the host.",
        check=checks.origins,
    )
    metrics_from: tuple[str, ...] = setting(
        ("127.0.0.0/8", "::1/128"),
        "Networks whose machines may read /metrics directly, not through the proxy.",
        check=checks.networks,
    )
    metrics_token: str = setting(
        "",
        "When set, /metrics is for those who send `Authorization: Bearer` with this token, from "
        "wherever they come, and for nobody else.",
        check=checks.secret,
        secret=True,
    )
    secret_key: str = setting(
        "",
        "Key that signs sessions. When empty, a random one is made and kept in var/ (mode 0600). "
        "Give the same one to every node.",
        check=checks.secret,
        secret=True,
        env="DANCU_SECRET_KEY",
    )


@dataclass(frozen=True, slots=True)
class Database:
    """PostgreSQL."""

    url: str = setting(
        "",
        "postgresql://user:password@host:port/name of a server of yours (15 or newer). "
        "When empty, the embedded server is used.",
        check=checks.database_url,
        secret=True,
        env="DATABASE_URL",
    )
    port: int = setting(
        8007,
        "Port of the embedded server on 127.0.0.1; the next free one when it is taken.",
        check=checks.between(1024, 65535),
    )
    binaries: str = setting(
        "auto",
        "Where the embedded server's programs come from: auto (the system's, else the wheel's), "
        "system, wheel.",
        check=checks.one_of("auto", "system", "wheel"),
    )
    user: str = setting(
        "",
        "System user that runs the embedded server when dancu runs as root; made when absent. "
        "When empty: postgres where there is such a user, else dancu.",
    )
    shared_buffers_mb: int = setting(
        0,
        "Memory for the embedded server's page cache; 0 chooses a quarter of the machine's "
        "memory, at most 1024.",
        check=checks.between(0, 1_048_576),
    )
    pool_size: int = setting(
        10, "Connections that each web process may hold.", check=checks.between(1, 500)
    )
    statement_timeout_ms: int = setting(
        30_000,
        "A page's query is stopped after so many milliseconds; 0 never stops one.",
        check=checks.between(0, 3_600_000),
    )


@dataclass(frozen=True, slots=True)
class City:
    """The synthetic city that fills an empty register."""

    people: int = setting(
        100_000, "People of the city; 0 builds none.", check=checks.between(0, 100_000_000)
    )
    seed: int = setting(1, "The same seed gives the same city.", check=checks.between(0, 2**31 - 1))
    sign_ins: bool = setting(
        default=True,
        doc="Make demo accounts with known passwords and print them. Turn off for real data.",
    )


@dataclass(frozen=True, slots=True)
class Log:
    """The logs."""

    level: str = setting(
        "INFO", "Least severity written.", check=checks.one_of("DEBUG", "INFO", "WARNING", "ERROR")
    )
    format: str = setting(
        "json", "json (one object a line) or console.", check=checks.one_of("json", "console")
    )


@dataclass(frozen=True, slots=True)
class Jobs:
    """The worker of background jobs."""

    concurrency: int = setting(4, "Jobs that run at once.", check=checks.between(1, 64))


@dataclass(frozen=True, slots=True)
class Exchange:
    """The agencies' exchange: a process of its own beside the web server."""

    port: int = setting(
        8005,
        "Port of the exchange, on web.host; 0 starts none (the web server answers agencies too).",
        check=checks.between(0, 65535),
    )
    workers: int = setting(2, "Processes of the exchange.", check=checks.between(1, 64))
    waiting: int = setting(
        2000,
        "Questions that may wait in each process; more are told to come back (503).",
        check=checks.between(1, 100_000),
    )
    address: str = setting(
        "",
        "Address that agencies know, such as https://exchange.example.vn/api/exchange/v1. Client "
        "assertions must be meant for it. When empty, the address they connect to counts.",
        check=checks.address,
    )
    certificate_header: str = setting(
        "",
        "Header in which your proxy hands on the SHA-256 thumbprint of a client's TLS certificate. "
        "The proxy must remove this header from what comes from outside.",
    )
    keep_batches_days: int = setting(
        7,
        "Questions and answers of a batch are deleted so many days after the answers were "
        "fetched; when nobody fetches them, after four times as long.",
        check=checks.between(1, 365),
    )
    webhook_networks: tuple[str, ...] = setting(
        (),
        "Networks whose addresses webhooks may go to besides public ones, for closed networks of "
        "the state, as in 10.20.0.0/16. Otherwise private addresses are refused.",
        check=checks.networks,
    )
    webhook_ca_file: str = setting(
        "",
        "File (PEM) with the certificate authorities of such networks, trusted for webhooks "
        "besides those of the system.",
    )
