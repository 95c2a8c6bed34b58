"""Contents of files in the database, in parts: put in, taken out, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dancu.cleaning.models import File, Part

SUFFIXES = {"text": ".csv", "workbook": ".xlsx", "parquet": ".parquet"}
_PART = 1 << 20


def put(file: File, of: str, path: Path) -> None:
    """Keep a content, in place of what was kept before."""
    Part.objects.filter(file=file, of=of).delete()
    with path.open("rb") as source:
        for number, piece in enumerate(iter(lambda: source.read(_PART), b"")):
            Part.objects.create(file=file, of=of, number=number, content=piece)


def pieces(file: File, of: str) -> Iterator[bytes]:
    """Yield a content piece by piece; nothing when there is none."""
    parts = Part.objects.filter(file=file, of=of).order_by("number")
    for content in parts.values_list("content", flat=True).iterator(chunk_size=4):
        yield bytes(content)


def drop_outcome(file: File) -> None:
    """Delete what came of a file; what was sent stays."""
    Part.objects.filter(file=file).exclude(of__in=[Part.Of.SENT, Part.Of.OTHER]).delete()


def has(file: File, of: str) -> bool:
    """Say whether a content is there."""
    return Part.objects.filter(file=file, of=of).exists()


@contextmanager
def on_disk(file: File, of: str = Part.Of.SENT) -> Iterator[Path]:
    """Put a file as it was sent into a folder of its own, for as long as the block runs."""
    with TemporaryDirectory(prefix="dancu-cleaning-") as folder:
        path = Path(folder) / f"file{SUFFIXES[file.kind] if of == Part.Of.SENT else ''}"
        with path.open("wb") as target:
            for piece in pieces(file, of):
                target.write(piece)
        yield path
