"""Declared knowledge: the data dictionary, code lists, roles, purposes and sources.

The files lie in the folder ``catalogue`` beside the package, or where ``DANCU_CATALOGUE`` says.
"""

from dancu.catalogue.loading import catalogue, forget
from dancu.catalogue.queries import (
    actions,
    attribute,
    attributes,
    attributes_of_facet,
    attributes_of_group,
    checks,
    code_list,
    code_lists,
    facets,
    groups,
    local_sources,
    purposes,
    roles,
    source_kinds,
    sources,
)

__all__ = [
    "actions",
    "attribute",
    "attributes",
    "attributes_of_facet",
    "attributes_of_group",
    "catalogue",
    "checks",
    "code_list",
    "code_lists",
    "facets",
    "forget",
    "groups",
    "local_sources",
    "purposes",
    "roles",
    "source_kinds",
    "sources",
]
