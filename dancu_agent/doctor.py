"""Where the link breaks: every step from this machine to the contract, tried in order.

Nobody is asked about: the steps read only the exchange's status and the agency's own contract.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dancu_agent.agent import Agent
from dancu_agent.clock import TOLERANCE, SystemClock
from dancu_agent.credential import TokenRefused, content_of
from dancu_agent.errors import AgentError, Problem
from dancu_agent.keys import Keyring
from dancu_agent.link import Link, LinkBroken
from dancu_agent.settings import SPOOL_FILE, Settings, is_loopback
from dancu_agent.texts import how_long, msg, translator

_SOON_DAYS = 30
_SHARE_LEFT = 0.1
_ROOM = 50_000_000
_OFF = 60.0
"""Seconds by which the exchange still accepts another clock."""
_OK = 200
_SECONDS_A_DAY = 86400


class Grade(StrEnum):
    """How a step is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A step and how it is; the problem's ``what`` says what was found, also when it is good."""

    step: str
    grade: Grade
    problem: Problem


@dataclass(slots=True)
class _Patient:
    """What the steps have found so far."""

    home: Path
    settings: Settings
    language: str
    agent: Agent | None = None
    contract: Mapping[str, Any] = field(default_factory=dict)


_Check = Callable[[_Patient], tuple[Grade, Problem]]


def _found(
    grade: Grade, what: str, remedy: str = "", *, code: str = "", why: str = "", **params: object
) -> tuple[Grade, Problem]:
    return grade, Problem(code or str(grade), what, why, remedy, params=params)


def examine(home: Path, settings: Settings, language: str) -> Iterator[Verdict]:
    """Try the steps in order. After a broken one, those that build on it are not tried."""
    patient = _Patient(home, settings, language)
    broken: set[str] = set()
    try:
        for step, needs, check in _STEPS:
            if broken & set(needs):
                broken.add(step)
                grade, problem = _found(Grade.UNKNOWN, msg("An earlier step is broken."))
            else:
                grade, problem = _tried(check, patient)
            if grade is Grade.BROKEN:
                broken.add(step)
            yield Verdict(step, grade, problem)
    finally:
        if patient.agent is not None:
            patient.agent.close()


def _tried(check: _Check, patient: _Patient) -> tuple[Grade, Problem]:
    try:
        return check(patient)
    except LinkBroken as broken:
        return Grade.BROKEN, broken.problem
    except TokenRefused as refused:
        return Grade.BROKEN, refused.problem
    except AgentError as error:
        return Grade.BROKEN, error.problem


# -- This machine ---------------------------------------------------------------------------------


def _spool(patient: _Patient) -> tuple[Grade, Problem]:
    patient.agent = Agent(patient.home, language=patient.language)
    agent = patient.agent
    counts, now = agent.spool.counts(), agent.now()
    room = _room(patient.home)
    if room is not None and room < _ROOM:
        return _found(
            Grade.DOUBTFUL,
            msg("Only %(mb)d MB are left on the disk of %(path)s."),
            msg("make room: on a full disk no question is accepted"),
            mb=room // 1_000_000,
            path=str(patient.home / SPOOL_FILE),
        )
    if counts.oldest is not None:
        long = how_long(now - counts.oldest, translator(patient.language))
        return _found(
            Grade.GOOD,
            msg("%(n)d questions wait, the oldest %(long)s."),
            n=counts.waiting,
            long=long,
        )
    return _found(Grade.GOOD, msg("Nothing waits."))


def _room(home: Path) -> int | None:
    try:
        found = os.statvfs(home)
    except (OSError, AttributeError):
        return None
    return found.f_bavail * found.f_frsize


def _key(patient: _Patient) -> tuple[Grade, Problem]:
    key = Keyring(patient.home).current()
    return _found(Grade.GOOD, msg("%(algorithm)s, %(kid)s"), algorithm=key.algorithm, kid=key.kid)


# -- The line -------------------------------------------------------------------------------------


def _end(patient: _Patient) -> tuple[str, int]:
    """What this machine connects to: the exchange, or the proxy."""
    link = Link(patient.settings, SystemClock())
    return patient.settings.proxy_end or (link.host, link.port)


def _agent(patient: _Patient) -> Agent:
    if patient.agent is None:
        patient.agent = Agent(patient.home, language=patient.language)
    return patient.agent


def _dns(patient: _Patient) -> tuple[Grade, Problem]:
    host, port = _end(patient)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise LinkBroken("dns", reached=False, host=host) from None
    addresses = ", ".join(dict.fromkeys(str(each[4][0]) for each in found))
    return _found(Grade.GOOD, msg("%(host)s is %(addresses)s."), host=host, addresses=addresses)


def _tcp(patient: _Patient) -> tuple[Grade, Problem]:
    host, port = _end(patient)
    timeout = patient.settings.timeout_seconds
    try:
        socket.create_connection((host, port), timeout=timeout).close()
    except ConnectionRefusedError:
        raise LinkBroken("tcp-refused", reached=False, host=host, port=port) from None
    except TimeoutError:
        raise LinkBroken("tcp-timeout", reached=False, host=host, port=port) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise LinkBroken("tcp", reached=False, host=host, port=port, reason=reason) from None
    return _found(Grade.GOOD, msg("Port %(port)d answers."), port=port)


def _tls(patient: _Patient) -> tuple[Grade, Problem]:
    link = Link(patient.settings, SystemClock())
    if not link.encrypted:
        if is_loopback(link.host):
            return _found(Grade.GOOD, msg("Not encrypted; the line does not leave this machine."))
        return _found(Grade.BROKEN, msg("The address is not encrypted (http)."), msg("use https"))
    certificate, version = link.handshake()
    ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    left = ends - SystemClock().time()
    if left < _SOON_DAYS * _SECONDS_A_DAY:
        return _found(
            Grade.DOUBTFUL,
            msg("The certificate of the exchange ends in %(long)s."),
            msg("tell the exchange's operator"),
            long=how_long(left, translator(patient.language)),
        )
    return _found(
        Grade.GOOD,
        msg("%(version)s; the certificate is valid for %(long)s."),
        version=version,
        long=how_long(left, translator(patient.language)),
    )


def _clock(patient: _Patient) -> tuple[Grade, Problem]:
    agent = _agent(patient)
    exchange = agent.exchange()
    try:
        response = exchange.get("/status", authorised=False)
    finally:
        exchange.close()
    if response.offset is None:
        return _found(
            Grade.DOUBTFUL,
            msg("The exchange does not say its time."),
            msg("a proxy may remove the header Date: ask the network's operator"),
        )
    offset = response.offset
    if abs(offset) <= TOLERANCE:
        return _found(Grade.GOOD, msg("Right to two seconds."))
    text = translator(patient.language)
    return _found(
        Grade.DOUBTFUL,
        msg("The clock is %(way)s that of the exchange, by %(long)s."),
        msg("set the clock (NTP); until then the agent allows for it"),
        why=msg("Above a minute the exchange refuses what other programs sign here.")
        if abs(offset) > _OFF
        else "",
        long=how_long(abs(offset), text),
        way=text(msg("slower than") if offset > 0 else msg("faster than")),
    )


# -- The exchange ---------------------------------------------------------------------------------


def _credential(patient: _Patient) -> tuple[Grade, Problem]:
    agent = _agent(patient)
    exchange = agent.exchange()
    try:
        agent.credential.token(exchange.link)
    finally:
        exchange.close()
    return _found(Grade.GOOD, msg("The exchange knows %(client)s."), client=patient.settings.client)


def _contract(patient: _Patient) -> tuple[Grade, Problem]:
    exchange = _agent(patient).exchange()
    try:
        response = exchange.get("/contract")
    finally:
        exchange.close()
    found = content_of(response)
    if response.status != _OK or not found:
        said = str(found.get("detail") or found.get("title") or response.status)
        return _found(
            Grade.BROKEN,
            msg("The exchange shows no contract: %(said)s"),
            msg("ask the exchange's operator for the contract of %(client)s"),
            said=said,
            client=patient.settings.client,
        )
    patient.contract = found
    return _judged(patient)


def _judged(patient: _Patient) -> tuple[Grade, Problem]:
    contract = patient.contract
    name = str(contract.get("contract", "-"))
    today = datetime.fromtimestamp(_agent(patient).now()).astimezone().date()
    begins, ends = _day(contract.get("valid_from")), _day(contract.get("valid_to"))
    if (begins and today < begins) or (ends and today >= ends):
        return _found(
            Grade.BROKEN,
            msg("The contract %(name)s is valid from %(begins)s to %(ends)s, not today."),
            msg("have it renewed; what waits is kept until then"),
            name=name,
            begins=str(begins or "-"),
            ends=str(ends or "-"),
        )
    found = contract.get("purposes")
    purposes = [str(each) for each in found] if isinstance(found, list) else []
    wanted = patient.settings.purpose
    if wanted and purposes and wanted not in purposes:
        return _found(
            Grade.BROKEN,
            msg("The contract %(name)s does not allow the purpose %(purpose)s."),
            msg("set `purpose` in agent.toml to one of: %(purposes)s"),
            name=name,
            purpose=wanted,
            purposes=", ".join(purposes),
        )
    if ends and (ends - today).days < _SOON_DAYS:
        return _found(
            Grade.DOUBTFUL,
            msg("The contract %(name)s ends on %(ends)s."),
            msg("have it renewed in time"),
            name=name,
            ends=str(ends),
        )
    return _found(
        Grade.GOOD,
        msg("%(name)s, for: %(purposes)s."),
        name=name,
        purposes=", ".join(purposes) or "-",
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _quota(patient: _Patient) -> tuple[Grade, Problem]:
    today, allowed = patient.contract.get("today"), patient.contract.get("records_per_day")
    left = today.get("left") if isinstance(today, dict) else None
    if not isinstance(left, int):
        return _found(Grade.UNKNOWN, msg("The exchange does not say how many questions are left."))
    if left <= 0:
        return _found(
            Grade.BROKEN,
            msg("No question is left today."),
            msg("wait until midnight in Vietnam; what waits is sent then by itself"),
        )
    waiting = _agent(patient).spool.counts().waiting
    scarce = waiting > left or (isinstance(allowed, int) and left < allowed * _SHARE_LEFT)
    return _found(
        Grade.DOUBTFUL if scarce else Grade.GOOD,
        msg("%(left)d questions are left today; %(waiting)d wait here."),
        msg("what is too much today is sent tomorrow by itself"),
        left=left,
        waiting=waiting,
    )


_STEPS: tuple[tuple[str, tuple[str, ...], _Check], ...] = (
    (msg("spool"), (), _spool),
    (msg("key"), (), _key),
    (msg("DNS"), (), _dns),
    (msg("TCP"), ("DNS",), _tcp),
    (msg("TLS"), ("TCP",), _tls),
    (msg("clock"), ("TLS", "spool"), _clock),
    (msg("credential"), ("clock", "key"), _credential),
    (msg("contract"), ("credential",), _contract),
    (msg("quota"), ("contract",), _quota),
)
