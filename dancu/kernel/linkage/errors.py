"""What can be wrong with a linkage."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class LinkageError(DancuError):
    """The records could not be linked."""

    code = "linkage"


class AnalyticsMissing(LinkageError):
    """Linkage of files needs the extra “analytics”; run scripts/setup --analytics."""

    code = "analytics-missing"


class BadModel(LinkageError):
    """The file is no model of linkage that this version can read."""

    code = "bad-linkage-model"


class BadRecords(LinkageError):
    """The table has no column “key”, or a key stands in it twice."""

    code = "bad-linkage-records"
