"""Errors of the agencies register."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class AgenciesError(DancuError):
    """The register of agencies does not allow this."""

    code = "agencies-error"
    http_status = 409


class UnknownOffice(AgenciesError):
    """There is no office %(office)s."""

    code = "unknown-office"
    http_status = 404
    remedy = "Look the office up in the register of agencies."


class UnknownOfficer(AgenciesError):
    """There is no officer %(officer)s in service on that day."""

    code = "unknown-officer"
    http_status = 404
    remedy = "Ask the administrator of the office whether the appointment has ended."


class UnknownSource(AgenciesError):
    """There is no source of claims %(source)s."""

    code = "unknown-source"
    http_status = 404
    remedy = "Use a code listed in catalogue/sources.yaml."


class UnknownRole(AgenciesError):
    """An officer cannot have the role %(role)s."""

    code = "unknown-role"
    http_status = 422
    remedy = "Use an officer's role listed in catalogue/roles.yaml."


class OutsideOffice(AgenciesError):
    """The office %(office)s does not serve the unit %(unit)s."""

    code = "outside-office"
    http_status = 422
    remedy = "Choose units within the area that the office serves."
