"""Errors of the catalogue."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class CatalogueError(DancuError):
    """The catalogue cannot be read."""

    code = "catalogue-unreadable"
    http_status = 500
    remedy = "Run “dancu catalogue check” and mend the file that it names."


class CatalogueFileMissing(CatalogueError):
    """The catalogue has no file %(file)s."""

    code = "catalogue-file-missing"
    http_status = 500
    remedy = "Set DANCU_CATALOGUE to the folder that holds attributes.yaml."


class CatalogueEntryInvalid(CatalogueError):
    """An entry of the catalogue file %(file)s is not valid: %(what)s."""

    code = "catalogue-entry-invalid"
    http_status = 500


class UnknownAttribute(DancuError):
    """The data dictionary has no attribute %(name)s."""

    code = "unknown-attribute"
    http_status = 404
    remedy = "Use a name or number listed in catalogue/attributes.yaml."


class UnknownCodeList(DancuError):
    """There is no code list %(name)s."""

    code = "unknown-code-list"
    http_status = 404
    remedy = "Use a list found in catalogue/codes."
