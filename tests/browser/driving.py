"""Drives Debian's Chromium: pages of two widths, and what must hold on every page.

Knows nothing of the platform, so that scripts may use it too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

CHROMIUM = os.environ.get("DANCU_CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
    "--font-render-hinting=none",
)
DESK = (1280, 900)
PHONE = (390, 844)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
TIMEOUT_MS = 60_000
#: What htmx says of a request whose page was left before its answer; other failures it names too.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless Chromium that speaks to nobody but the pages it is given."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Guard:
    """Collects what must not happen on a page: errors, refused content, requests elsewhere."""

    origin: str
    findings: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page before it loads anything."""
        page.on("console", self._console)
        page.on("pageerror", self._page_error)
        page.on("request", self._request)

    def expect(self, words: str) -> None:
        """Let findings with these words pass, such as the 409 that a test asks for."""
        self.expected.append(words)

    def assert_clean(self) -> None:
        """Fail with everything that was found and not expected."""
        bad = [line for line in self.findings if not any(word in line for word in self.expected)]
        assert not bad, "\n".join(bad)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(LEFT):
            self.findings.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _page_error(self, error: Error) -> None:
        self.findings.append(f"script error: {error.message}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws"} and not request.url.startswith(self.origin):
            self.findings.append(f"request elsewhere: {address.scheme}://{address.netloc}")


@contextmanager
def open_page(
    browser: Browser,
    origin: str,
    *,
    size: tuple[int, int] = DESK,
    dark: bool = False,
    scripts: bool = True,
    cookies: dict[str, str] | None = None,
) -> Iterator[tuple[Page, Guard]]:
    """A page in a context of its own, with its guard; ``goto("/")`` is relative to ``origin``.

    Calm: animations are off. A phone has touch and the density of a phone.
    """
    phone = size[0] < 700
    context = browser.new_context(
        base_url=origin,
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(TIMEOUT_MS)
    if cookies:
        context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in cookies.items()])
    page = context.new_page()
    guard = Guard(origin)
    guard.watch(page)
    try:
        yield page, guard
    finally:
        context.close()


def assert_accessible(page: Page, *, within: str = "", but: Sequence[str] = ()) -> None:
    """Axe finds nothing against WCAG 2.2 AA, rules named in ``but`` apart."""
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": [*RULES]}}
    if but:
        options["rules"] = {rule: {"enabled": False} for rule in but}
    result = Axe().run(page, context=within or None, options=options)
    lines = []
    for violation in result.response["violations"]:
        lines.append(f"{violation['id']}: {violation['help']}")
        for node in violation["nodes"][:5]:
            summary = str(node.get("failureSummary", "")).replace("\n", " ")
            lines.append(f"    {node['html'][:160]}  {summary[:240]}")
    assert not lines, "\n".join(lines)


def assert_no_overflow(page: Page) -> None:
    """The page is not wider than the screen, so that nobody has to scroll sideways."""
    wide = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return Array.from(document.querySelectorAll("body *"))
            .filter((e) => e.getBoundingClientRect().right > width + 1)
            .slice(0, 8)
            .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`);
        }"""
    )
    assert not wide, "wider than the screen:\n" + "\n".join(wide)


def focused(page: Page) -> str:
    """The words by which a reader would know what has the focus."""
    return str(
        page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return "";
              const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
              const words = e.getAttribute("aria-label") || label || e.innerText || e.id;
              return words.trim().replace(/\\s+/g, " ");
            }"""
        )
    )


def tab_to(page: Page, words: str, *, limit: int = 120, back: bool = False) -> None:
    """Press Tab until something with these words has the focus, as a person without a mouse."""
    for _attempt in range(limit):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if words in focused(page):
            assert_focus_is_seen(page)
            return
    raise AssertionError(f"{words!r} is out of reach of the Tab key")


def assert_focus_is_seen(page: Page) -> None:
    """What has the focus is on the screen and drawn with an outline."""
    seen = page.evaluate(
        """() => {
          const e = document.activeElement;
          const box = e.getBoundingClientRect();
          const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0;
          return inside && getComputedStyle(e).outlineStyle !== "none";
        }"""
    )
    assert seen, f"the focus on {focused(page)!r} cannot be seen"


def fill_by_keyboard(page: Page, answers: dict[str, str]) -> None:
    """Type answers into the fields of these labels, going from one to the next with Tab."""
    for label, answer in answers.items():
        tab_to(page, label)
        page.keyboard.type(answer)


def picture(page: Page, path: Path, *, whole: bool = True) -> None:
    """A screenshot, once the fonts have come."""
    page.evaluate("document.fonts.ready.then(() => true)")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole)


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for something that the page will do, up to the usual patience."""
    for _attempt in range(TIMEOUT_MS // 50):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("what was waited for did not come")
