"""Page numbers of a long list."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict

from dancu.design.tables import address

#: Behind the hundred thousandth line nobody reads on: they search.
LAST_WINDOW = 2_000
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number; ``number`` is None for the gap between far numbers."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pagination element shows; addresses are empty where there is no such page."""

    links: list[PageLink]
    previous_href: str
    next_href: str
    number: int
    count: int | None


@dataclass(frozen=True, slots=True)
class Window:
    """One page of a list whose length is not counted: only whether more follows."""

    number: int
    has_next: bool


def window_of(request: HttpRequest, *, last: int = LAST_WINDOW) -> int:
    """Return the number of the page that the address asks for; the first for anything else."""
    text = request.GET.get("page", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return min(max(int(text), 1), last) if is_number else 1


def pages(page: Page[object] | Window, query: QueryDict | None, param: str) -> Pages:
    """The links of ``page``, each keeping the other parameters of ``query``."""
    total = None if isinstance(page, Window) else page.paginator.num_pages
    more = page.has_next if isinstance(page, Window) else page.has_next()

    def href(number: int) -> str:
        return address(query, {param: str(number)})

    numbers: list[int | None] = _numbers(page.number, total) if total is not None else []
    return Pages(
        links=[
            PageLink(n, href(n), current=n == page.number) if n is not None else PageLink(None)
            for n in numbers
        ],
        previous_href=href(page.number - 1) if page.number > 1 else "",
        next_href=href(page.number + 1) if more else "",
        number=page.number,
        count=total,
    )


def _numbers(current: int, total: int) -> list[int | None]:
    """First, last and the neighbours of ``current``; None where numbers are left out."""
    near = sorted({1, total, *range(max(1, current - 1), min(total, current + 1) + 1)})
    result: list[int | None] = []
    for number in near:
        if result and result[-1] is not None and number - result[-1] == 2:  # noqa: PLR2004
            result.append(number - 1)
        elif result and result[-1] is not None and number - result[-1] > 1:
            result.append(None)
        result.append(number)
    return result
