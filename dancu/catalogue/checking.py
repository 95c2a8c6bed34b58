"""The linter of the catalogue, behind ``dancu catalogue check``."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from dancu.catalogue.files import folder
from dancu.catalogue.internal.agreements import check_contracts
from dancu.catalogue.internal.bulletin_groups import check_bulletins
from dancu.catalogue.internal.cleaning_rules import check_quality
from dancu.catalogue.internal.desks import check_one_stop
from dancu.catalogue.internal.document import Document, Finding, read_document
from dancu.catalogue.internal.door_checks import check_campaigns
from dancu.catalogue.internal.references import check_references
from dancu.catalogue.internal.tables import check_code_list, check_units

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Finding", "check"]

_SCHEMAS = Path(__file__).parent / "schemas"
_FILES = {
    "attributes": "attributes.yaml",
    "roles": "roles.yaml",
    "purposes": "purposes.yaml",
    "sources": "sources.yaml",
    "agencies": "agencies/agencies.yaml",
    "exchange": "exchange.yaml",
    "sandbox": "sandbox_people.yaml",
    "interface_changes": "interface_changes.yaml",
    "maintenance": "maintenance.yaml",
    "audit": "audit.yaml",
    "one_stop": "one_stop.yaml",
    "bulletins": "bulletins.yaml",
}
_POPULATIONS = "quality/populations.yaml"


def check() -> list[Finding]:
    """Return everything that is wrong in the catalogue; an empty list when it is sound.

    Files that do not fit their schema are not compared with the others.
    """
    root = folder()
    found: list[Finding] = []
    documents: dict[str, Document] = {}
    for name, file in _FILES.items():
        document = _fitting(root, file, name, found)
        if document is not None:
            documents[name] = document
    if "one_stop" in documents:
        found.extend(check_one_stop(documents["one_stop"]))
    files = [f"contracts/{path.name}" for path in sorted((root / "contracts").glob("*.yaml"))]
    agreed = [_fitting(root, file, "contract", found) for file in files]
    populations = _fitting(root, _POPULATIONS, "quality_populations", found)
    cleaning = [
        _fitting(root, f"quality/{path.name}", "quality_rules", found)
        for path in sorted((root / "quality").glob("*.yaml"))
        if path.name != Path(_POPULATIONS).name
    ]
    campaigns = [
        _fitting(root, f"campaigns/{path.name}", "campaign", found)
        for path in sorted((root / "campaigns").glob("*.yaml"))
    ]
    code_lists = sorted((root / "codes").glob("*.csv"))
    for path in code_lists:
        found.extend(check_code_list(path))
    found.extend(check_units(root / "units"))
    if len(documents) == len(_FILES):
        found.extend(check_references(documents, {path.stem for path in code_lists}))
        contracts = [one for one in agreed if one is not None]
        found.extend(check_contracts(contracts, documents, root / "units"))
        found.extend(check_bulletins(documents["bulletins"], documents, root / "quality"))
        if populations is not None and not found:
            rules = [one for one in cleaning if one is not None]
            found.extend(check_quality(populations, rules, documents))
        if not found:
            whole = [one for one in campaigns if one is not None]
            found.extend(check_campaigns(whole, documents))
    return sorted(found, key=lambda f: (f.file, f.line, f.what))


def _fitting(root: Path, file: str, schema: str, found: list[Finding]) -> Document | None:
    """Read a file; ``None``, with findings, when it is unreadable or does not fit its schema."""
    document = _read(root / file, file, found)
    if document is None:
        return None
    problems = list(_fit(document, schema))
    found.extend(problems)
    return None if problems else document


def _read(path: Path, file: str, found: list[Finding]) -> Document | None:
    try:
        return read_document(path, file)
    except (OSError, UnicodeDecodeError) as error:
        what = _("The file cannot be read: %(why)s.") % {"why": error}
        found.append(Finding(file, 1, what, _("Save it as UTF-8 text.")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = _("This is not YAML: %(why)s.") % {"why": getattr(error, "problem", error)}
        line = mark.line + 1 if mark else 1
        found.append(Finding(file, line, what, _("Check indentation, colons and quotes.")))
    return None


def _fit(document: Document, name: str) -> Iterator[Finding]:
    for error in Draft202012Validator(_schema(name)).iter_errors(document.data):
        path = list(error.absolute_path)
        where = ".".join(str(step) for step in path) or document.file
        what = _("%(where)s does not fit the schema: %(why)s.") % {
            "where": where,
            "why": error.message,
        }
        remedy = _("Compare it with its neighbours and the head of the file.")
        yield Finding(document.file, document.line(path), what, remedy)


@lru_cache(maxsize=8)
def _schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return loaded
