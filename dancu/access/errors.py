"""Refusals that concern the actor, never the person asked about."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class AccessRefused(DancuError):
    """You may not do this."""

    code = "access-refused"
    http_status = 403
    remedy = "Ask the administrator of your office for the role that this needs."


class RoleMissing(AccessRefused):
    """This needs one of the roles: %(roles)s."""

    code = "role-missing"
    http_status = 403


class ActionNotAllowed(AccessRefused):
    """Your roles do not permit this action: %(action)s."""

    code = "action-not-allowed"
    http_status = 403


class PurposeNotAllowed(AccessRefused):
    """Your roles do not permit access for this purpose, or it is not in force: %(purpose)s."""

    code = "purpose-not-allowed"
    http_status = 403
    remedy = "Choose one of the purposes that your role offers."


class CaseNumberMissing(DancuError):
    """Access for this purpose needs the number of the case it is for."""

    code = "case-number-missing"
    http_status = 422
    remedy = "Enter the number of the dossier or case that you are working on."


class OutsideJurisdiction(AccessRefused):
    """This lies outside the area of your office."""

    code = "outside-jurisdiction"
    http_status = 403
    remedy = "Hand the case to the office that serves the place."
