"""Colours that can be read: contrast as WCAG 2.2 computes it, in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dancu.design

CSS = Path(dancu.design.__file__).parent / "static" / "design" / "css"
TEXT, LARGE = 4.5, 3.0
#: Words, what they stand on, and the least contrast.
PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "action", "action-hover", "danger", "brand")
        for ground in ("paper", "ground")
    ),
    *((ink, "sunken", TEXT) for ink in ("ink", "ink-2", "ink-3")),
    ("on-action", "action-solid", TEXT),
    ("on-action", "action-solid-hover", TEXT),
    ("white", "danger-solid", TEXT),
    ("paper", "ink", TEXT),
    *(
        (ink, f"{tone}-soft", TEXT)
        for tone in ("info", "success", "warning", "danger", "gold", "action", "brand")
        for ink in ("ink", "ink-2")
    ),
    *((tone, f"{tone}-soft", TEXT) for tone in ("info", "success", "warning", "danger")),
    *((tone, "paper", TEXT) for tone in ("info", "success", "warning", "danger")),
    ("action", "warning-soft", TEXT),
    ("line-strong", "paper", LARGE),
    ("focus", "paper", LARGE),
    ("focus", "ground", LARGE),
]


def tokens(scheme: str) -> dict[str, str]:
    """The colours in force in a scheme."""
    light, _, dark = (CSS / "tokens.css").read_text().partition("prefers-color-scheme: dark")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark))
    return found | {"white": "#fff"}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_the_standard() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=str)
def test_colours_can_be_told_apart(ink: str, ground: str, least: float, scheme: str) -> None:
    colours = tokens(scheme)
    found = contrast(colours[ink], colours[ground])
    assert found >= least, f"{ink} on {ground}: {found:.2f}"


def test_no_block_recolours_the_buttons_inside_it() -> None:
    """A rule on the links of a block outweighs the button's own colour, and made it unreadable."""
    holders = {"notice", "panel", "actions", "prose", "empty", "field", "disclosure", "error"}
    wrong = []
    for sheet in CSS.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            if not re.search(r"(?:^|[\s;])color:", body):
                continue
            wrong += [
                f"{sheet.name}: {selector.strip()}"
                for selector in selectors.split(",")
                if re.search(r"\.(\w+)[\w-]*\s+a(?::hover)?\s*$", selector)
                and re.search(r"\.(\w+)", selector)[1] in holders
                and "summary" not in selector
            ]
    assert wrong == []
