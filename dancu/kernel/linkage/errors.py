"""What can be wrong with a linkage."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class LinkageError(DancuError):
    """The records could not be linked."""

    code = "linkage"


class AnalyticsMissing(LinkageError):
    """Linkage of files needs the extra “analytics”; run scripts/setup --analytics."""

    code = "analytics-missing"


class SparkMissing(LinkageError):
    """Linkage on Spark needs the extra “spark”; run scripts/setup --spark."""

    code = "spark-missing"


class JavaMissing(LinkageError):
    """Spark needs Java 17 or newer, on the path or in JAVA_HOME; run scripts/setup --spark."""

    code = "java-missing"


class BadModel(LinkageError):
    """The file is no model of linkage that this version can read."""

    code = "bad-linkage-model"


class BadRecords(LinkageError):
    """The table has no column “key”, or a key stands in it twice."""

    code = "bad-linkage-records"
