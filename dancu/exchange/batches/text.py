"""Lines of a text file in whatever encoding, and their cells.

UTF-8, UTF-16, Windows-1258 and the single-byte text of TCVN3 and VNI fonts are told apart. The last
two are handed on as they look (``NguyÔn V¨n``): which of them it is, is judged for each column. A
line that cannot be decoded or whose quotation marks do not close is marked, and no other suffers.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from dancu.kernel.legacy import detect_column
from dancu.kernel.syllables import is_syllable

#: Bytes read at once.
BLOCK = 1 << 20
DELIMITERS = ";,\t|"
#: A cell in quotation marks may go over so many lines; more means a mark was forgotten.
MOST_LINES_IN_CELL = 20
SAMPLE_LINES = 400
_HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_WORDS = re.compile(r"[^\W\d_]+")
#: Windows-1252, in which five bytes stand for themselves.
_WESTERN = {
    byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xA0)
}
_MOSTLY = 0.9
_GOOD = 0.6


class Line(NamedTuple):
    """The cells of one line; ``fault`` is ``ROW_ENCODING``, ``QUOTATION``, ``CUT`` or empty."""

    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """How a text file is written: ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``cp1258``, ``western``.

    ``western`` is one byte a letter, shown as Windows-1252 would: also TCVN3 and VNI.
    """

    encoding: str
    delimiter: str
    skip: int = 0


MADE = Form("utf-8", ",")
"""How this program writes CSV."""


def form_of(path: Path) -> Form:
    """Return how a text file is written, judged from its beginning."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
        whole = not file.read(1)
    encoding = _encoding(head, whole=whole)
    text = _decoded(_without_mark(head, encoding), encoding)
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    hint = _HINT.fullmatch(lines[0]) if lines else None
    if hint:
        return Form(encoding, hint[1], skip=1)
    return Form(encoding, _delimiter(lines))


def _encoding(head: bytes, *, whole: bool) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    if b"\x00" in head[:1000]:
        return "utf-16-be" if head[:1000:2].count(0) > head[1:1000:2].count(0) else "utf-16-le"
    if not whole:
        head = head[: head.rfind(b"\n") + 1] or head
    marked = [line for line in head.split(b"\n")[:20_000] if not line.isascii()]
    if not marked:
        return "utf-8"
    good = sum(_is_utf8(line) for line in marked)
    if good >= _MOSTLY * len(marked) or good == len(marked) - 1 > 0:
        return "utf-8"
    return _single_byte(marked[:SAMPLE_LINES])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(lines: list[bytes]) -> str:
    """Tell Windows-1258 from the fonts that put Vietnamese where Windows-1252 has other letters."""
    as_1258 = [_decoded(line, "cp1258") for line in lines]
    words = [word for text in as_1258 for word in _WORDS.findall(text) if not word.isascii()]
    share = sum(is_syllable(word.lower()) for word in words) / len(words) if words else 0.0
    if share < _GOOD:
        return "western"
    guess = detect_column(_decoded(line, "western") for line in lines)
    return "western" if guess and guess.certain and share < _MOSTLY else "cp1258"


def _decoded(content: bytes, encoding: str) -> str:
    if encoding == "western":
        return content.decode("latin-1").translate(_WESTERN)
    text = content.decode(encoding, errors="replace")
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def _without_mark(head: bytes, encoding: str) -> bytes:
    marks = {
        "utf-8": codecs.BOM_UTF8,
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
    }
    return head.removeprefix(marks.get(encoding, b""))


def _delimiter(lines: list[str]) -> str:
    """Return what separates the cells: what most lines have, and equally often."""
    bare = [_QUOTED.sub("", line) for line in lines]

    def fitness(sign: str) -> tuple[int, int]:
        counts = sorted(line.count(sign) for line in bare)
        usual = counts[len(counts) // 2] if counts else 0
        return (sum(count == usual for count in counts) if usual else 0, usual)

    return max(DELIMITERS, key=fitness)


def lines_of(path: Path, form: Form) -> Iterator[Line]:
    """Yield the lines of a text file as cells; empty lines too."""
    return _with_cells(_skipped(_physical(path, form.encoding), form.skip), form.delimiter)


def _skipped(lines: Iterator[tuple[str, str]], count: int) -> Iterator[tuple[str, str]]:
    for _ in range(count):
        next(lines, None)
    return lines


def _physical(path: Path, encoding: str) -> Iterator[tuple[str, str]]:
    """Yield each line with its fault, without the line break."""
    width = 2 if encoding.startswith("utf-16") else 1
    rest = b""
    with path.open("rb") as file:
        first = True
        while block := file.read(BLOCK):
            if first:
                block, first = _without_mark(block, encoding), False
            block = rest + block
            cut = _last_break(block, encoding, width)
            rest = block[cut:]
            yield from _lines_in(block[:cut], encoding)
    if rest:
        *lines, (last, fault) = _lines_in(rest, encoding) if rest.strip() else [("", "")]
        yield from lines
        yield last, fault or "CUT"


def _last_break(block: bytes, encoding: str, width: int) -> int:
    """Return where the last whole line of a block ends."""
    if width == 1:
        return block.rfind(b"\n") + 1
    mark = "\n".encode(encoding)
    end = block.rfind(mark)
    while end >= 0 and end % width:
        end = block.rfind(mark, 0, end + 1)
    return end + width if end >= 0 else 0


def _lines_in(content: bytes, encoding: str) -> Iterator[tuple[str, str]]:
    try:
        if encoding in {"western", "cp1258"}:
            text = _decoded(content, encoding)
        else:
            text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            yield from ((line, "") for line in _broken(content.decode(encoding, errors="replace")))
            return
        for line in content.split(b"\n"):
            yield from _decoded_alone(line)
        return
    yield from ((line, "") for line in _broken(text))


def _decoded_alone(line: bytes) -> Iterator[tuple[str, str]]:
    if not line:
        return
    try:
        yield line.decode().rstrip("\r"), ""
    except UnicodeDecodeError:
        yield _decoded(line, "western").rstrip("\r"), "ROW_ENCODING"


def _broken(text: str) -> list[str]:
    """Return the lines; a carriage return alone ends one too, as in files of old Macs."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _with_cells(lines: Iterator[tuple[str, str]], delimiter: str) -> Iterator[Line]:
    ahead: list[tuple[str, str]] = []
    reader = _Reader(delimiter)
    while True:
        line, fault = ahead.pop(0) if ahead else next(lines, (None, ""))
        if line is None:
            return
        if '"' not in line:
            yield Line(line.split(delimiter), fault)
            continue
        if not line.count('"') % 2:
            yield Line(_of_one_line(line, delimiter, reader), fault)
            continue
        joined, used = line, 0
        while joined.count('"') % 2 and used < MOST_LINES_IN_CELL:
            if used >= len(ahead):
                more = next(lines, None)
                if more is None:
                    break
                ahead.append(more)
            joined, used = f"{joined}\n{ahead[used][0]}", used + 1
        if joined.count('"') % 2:
            yield Line(_bare(line, delimiter), fault or "QUOTATION")
            continue
        del ahead[:used]
        yield Line(_quoted(joined, delimiter), fault)


def _of_one_line(line: str, delimiter: str, reader: _Reader) -> list[str]:
    try:
        return reader.cells(line)
    except csv.Error:
        return _bare(line, delimiter)


def _bare(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line whose quotation marks mean nothing."""
    return [cell.strip('"') for cell in line.split(delimiter)]


class _Reader:
    """One reader for all rows of a file that stand on one line each."""

    def __init__(self, delimiter: str) -> None:
        self._line: str | None = None
        self._rows = csv.reader(self, delimiter=delimiter)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line, self._line = self._line, None
        if line is None:
            raise StopIteration
        return line

    def cells(self, line: str) -> list[str]:
        """Return the cells of a line. Raises ``csv.Error``."""
        self._line = line
        return next(self._rows)


def _quoted(text: str, delimiter: str) -> list[str]:
    found = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter)
    try:
        return [cell.rstrip("\n").replace("\n", " ") for cells in found for cell in cells]
    except csv.Error:
        return _bare(text.replace("\n", " "), delimiter)
