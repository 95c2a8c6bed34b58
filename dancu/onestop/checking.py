"""What anybody who holds an extract may learn of it: whether it is genuine and still holds.

Never what the register says: of a figure that is typed off the paper only whether it is the one
that was signed, and of the register only whether it still says the same.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest

from dancu.disclosure import services as door
from dancu.identity import throttle
from dancu.kernel.clock import today
from dancu.onestop import contents, signing
from dancu.onestop.errors import TooManyWrongFigures
from dancu.onestop.models import Copy, Extract
from dancu.onestop.types import PURPOSE, Checked, Verdict
from dancu.operation.patience import wait_words

ALTERED = Checked("altered")
#: A file of an extract has about a hundred thousand bytes.
LARGEST_FILE = 2_000_000
#: What is unpacked of a file, together and of each of its streams: whoever sends in a file that
#: unpacks to gigabytes gets no more of us.
_MOST_UNPACKED = 4_000_000
_LARGEST_STREAM = 200_000
_BEGIN, _END = b"stream", b"endstream"
_TOKEN = re.compile(rb"[\w-]{20,300}\.[\w-]{200,100000}\.[\w-]{86}(?![\w-])", re.ASCII)
_MOST_TRIED = 8


def check_number(
    *, number: str, check: str, at: datetime, figures: Mapping[str, str] | None = None
) -> Checked:
    """Check an extract by its number and check code; absent and wrong are one answer.

    ``figures`` are words typed off the paper, by name; after five wrong ones within two hours
    ``TooManyWrongFigures`` is raised, with the time to wait. Reads whether the facts still hold,
    which is recorded; not inside a transaction.
    """
    extract = _found(number)
    code = signing.plain_check(check)
    if extract is None or not _fits(extract, code):
        return ALTERED
    if figures:
        _require_patience(extract.number, at)
    compared = tuple(
        (name, _is_signed(extract, code, name, words))
        for name, words in (figures or {}).items()
        if words.strip() and name in extract.facts
    )
    verdict = _verdict(extract, code, at)
    if any(not same for _name, same in compared):
        throttle.fail_at("extract", extract.number, at)
        verdict = "altered"
    return _checked(extract, verdict, compared=compared)


def check_text(*, text: str, at: datetime) -> Checked:
    """Check the signed text of an extract; every figure of it comes back as it was signed."""
    try:
        content, payload = signing.opened("".join(text.split()), at=at)
    except signing.NotSigned:
        return ALTERED
    extract = _found(str(content.get("number", "")))
    if extract is None or signing.hash_of(payload) != bytes(extract.content_hash):
        return ALTERED
    verdict = _verdict(extract, str(content.get("check", "")), at)
    return _checked(extract, verdict, facts=tuple(contents.lines_of(content)))


def check_file(*, file: bytes, at: datetime) -> Checked:
    """Check a PDF: the signed text that lies in it, and whether it is a file that we handed out."""
    token = token_in(file)
    if token is None:
        return ALTERED
    found = check_text(text=token, at=at)
    if found.verdict == "altered":
        return found
    extract = Extract.objects.get(number=found.number)
    is_exact = Copy.objects.filter(extract=extract, digest=signing.hash_of(file)).exists()
    return _checked(extract, found.verdict, facts=tuple(found.facts), is_exact=is_exact)


def token_in(file: bytes) -> str | None:
    """Return the signed text that a PDF holds, packed or not; none when there is none."""
    for stream in streams_of(file[:LARGEST_FILE]):
        place = -1
        for _try in range(_MOST_TRIED):
            place = stream.find(signing.BEGINNING, place + 1)
            if place < 0:
                break
            if found := _TOKEN.match(stream, place):
                return found[0].decode("ascii")
    return None


def streams_of(file: bytes) -> Iterator[bytes]:
    """Yield a file as it is, then each of its packed streams, up to a limit."""
    yield file
    left, place = _MOST_UNPACKED, file.find(_BEGIN)
    while place >= 0 and left > 0:
        end = file.find(_END, place)
        if end < 0:
            return
        try:
            packed = file[place + len(_BEGIN) : end].lstrip(b"\r\n")
            unpacked = zlib.decompressobj().decompress(packed, min(left, _LARGEST_STREAM))
        except zlib.error:
            unpacked = b""
        left -= max(len(unpacked), 1_000)
        yield unpacked
        place = file.find(_BEGIN, end + len(_END))


def _found(number: str) -> Extract | None:
    wanted = number.strip().upper()[:60]
    rows = Extract.objects.select_related("question", "withdrawal")
    return rows.filter(number=wanted).first() if "\x00" not in wanted else None


def _fits(extract: Extract, code: str) -> bool:
    return compare_digest(signing.hash_of(code.encode()), bytes(extract.check_hash))


def _require_patience(number: str, at: datetime) -> None:
    """Raise ``TooManyWrongFigures`` while whoever guesses at an extract has to wait."""
    wait = throttle.wait_of("extract", number, at)
    if wait > timedelta():
        raise TooManyWrongFigures(wait=wait_words(wait))


def _is_first_form(extract: Extract) -> bool:
    return contents.DOSSIER not in extract.facts


def _is_signed(extract: Extract, code: str, name: str, words: str) -> bool:
    value = contents.typed_value(name, words)
    said = contents.digest(code, name, value, is_first_form=_is_first_form(extract))
    return compare_digest(said.hex(), str(extract.facts.get(name, "")))


def _verdict(extract: Extract, code: str, at: datetime) -> Verdict:
    """Return what holds of a genuine extract; what is withdrawn or expired asks no more."""
    if hasattr(extract, "withdrawal"):
        return "withdrawn"
    if today(at) > extract.valid_until:
        return "expired"
    is_first_form = _is_first_form(extract)
    holds = door.still_holds(
        person_id=extract.question.person_id or 0,
        given={
            name: bytes.fromhex(said)
            for name, said in extract.facts.items()
            if name in contents.LASTING
        },
        digest=lambda name, value: contents.digest(code, name, value, is_first_form=is_first_form),
        purpose=PURPOSE,
        case=extract.question.dossier,
        at=at,
    )
    return "genuine" if holds else "superseded"


def _checked(
    extract: Extract,
    verdict: Verdict,
    *,
    facts: tuple[tuple[str, str], ...] = (),
    compared: tuple[tuple[str, bool], ...] = (),
    is_exact: bool = False,
) -> Checked:
    withdrawal = getattr(extract, "withdrawal", None)
    return Checked(
        verdict=verdict,
        number=extract.number,
        issued_at=extract.at,
        valid_until=extract.valid_until,
        office=extract.office_name,
        withdrawn_on=withdrawal.at if withdrawal else None,
        is_exact=is_exact,
        facts=facts,
        compared=compared,
    )
