"""The extract as a file: PDF/A-3 with its signed text attached, and the QR code for screens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson
import segno

from dancu.onestop.types import Paper

if TYPE_CHECKING:
    import typst

_FOLDER = Path(__file__).parent / "paper"
_TEMPLATE = "extract.typ"
#: Latin with the accents of Vietnamese, Greek, Cyrillic, and the marks between words.
_FIT = re.compile(
    "[ -~\u00a0-\u024f\u0300-\u0304\u0306-\u030c\u0323\u0391-\u03a1\u03a3-\u03c9"
    "\u0410-\u044f\u1ea0-\u1ef9\u2010-\u2026]"
)
_lock = Lock()


def pdf_of(paper: Paper, *, link: str) -> bytes:
    """Return the PDF of an extract; ``link`` is the address at which its paper can be checked.

    The font is Libertinus Serif, which comes with the typesetter and is embedded.
    """
    inputs: Mapping[str, str] = {
        "data": orjson.dumps(_typeset(paper.content)).decode(),
        "qr": qr_of(link, embedded=False),
        "link": link,
        "code": grouped_check(paper.check),
        "token": paper.signed,
    }
    with _lock:  # One compiler for the process; it holds fonts of some tens of megabytes.
        made = _compiler().compile(format="pdf", sys_inputs=dict(inputs), pdf_standards=["a-3b"])
    if not isinstance(made, bytes):
        raise TypeError("The typesetter gave no file.")
    return made


def _typeset(value: Any) -> Any:
    """Return a content with what the font lacks replaced; what was signed stays as it was."""
    if isinstance(value, str):
        return "".join(letter if _FIT.fullmatch(letter) else "?" for letter in value)
    if isinstance(value, Mapping):
        return {name: _typeset(one) for name, one in value.items()}
    return [_typeset(one) for one in value] if isinstance(value, list) else value


def qr_of(link: str, *, embedded: bool = True) -> str:
    """Return the QR code of an address as SVG: a whole file, or an element for a page."""
    code = segno.make(link, error="m", micro=False)
    if embedded:
        return str(code.svg_inline(scale=4, border=2, light="#fff", svgclass=None, lineclass=None))
    from io import BytesIO

    target = BytesIO()
    code.save(target, kind="svg", border=2, scale=4)
    return target.getvalue().decode()


def grouped_check(check: str) -> str:
    """Return a check code in groups of four, as it is read and typed."""
    return "-".join(check[place : place + 4] for place in range(0, len(check), 4))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    import typst

    return typst.Compiler(
        input=_FOLDER / _TEMPLATE, root=_FOLDER, ignore_system_fonts=True, sys_inputs={}
    )
