"""Takes the pictures of the documentation: docs/pictures/NAME-1280.png and NAME-390.png.

Starts a platform of its own in a temporary directory, with a small synthetic city, signs in with
the demo accounts and goes the way a newcomer goes. Nothing of a running platform is touched.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dancu.operation.postgres.cluster import ephemeral_port

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SIZES = ((1280, 900), (390, 844))
READY_SECONDS = 300
FAMILY = "Trần Thị Thu Hương"
"""The mother of the family that is in every city; the demo citizen."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the demo account (none: signed out) and the way to the page."""

    name: str
    account: str
    go: Callable[[Page], None]


def _to(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(path)

    return go


def _open_case(page: Page) -> None:
    page.goto("/console/case/?case=HS-2026-0001")
    if page.locator("input[name=case]").count():
        first = page.locator("input[name=purpose]").first
        if first.count() and not page.locator("input[name=purpose]:checked").count():
            first.check(force=True)
        page.locator("input[name=case]").fill("HS-2026-0001")
        page.locator("main form button[type=submit], main form button:not([type])").last.click()
        page.wait_for_load_state("networkidle")


def _search(page: Page) -> None:
    _open_case(page)
    page.goto(f"/console/people/?q={FAMILY}")


def _person(part: str = "") -> Callable[[Page], None]:
    def go(page: Page) -> None:
        _search(page)
        link = page.locator('main a[href^="/console/people/"]').filter(has_text="Trần").first
        address = (link.get_attribute("href") or "").split("?")[0]
        page.goto(f"{address}{part}")

    return go


SHOTS = (
    Shot("front", "", _to("/")),
    Shot("sign-in", "", _to("/sign-in/")),
    Shot("officer-home", "ward", _to("/console/")),
    Shot("officer-case", "ward", _to("/console/case/")),
    Shot("officer-search", "ward", _search),
    Shot("officer-person", "ward", _person()),
    Shot("officer-timeline", "ward", _person("timeline/")),
    Shot("officer-family", "ward", _person("family/")),
    Shot("officer-fact", "ward", _person("facts/permanent_residence/")),
    Shot("officer-looks", "ward", _person("looks/")),
    Shot("officer-move", "ward", _person("move/")),
    Shot("registrar-birth", "registrar", _person("birth/")),
    Shot("citizen-home", "citizen", _to("/")),
    Shot("citizen-data", "citizen", _to("/my-data/")),
    Shot("citizen-household", "citizen", _to("/my-household/")),
    Shot("citizen-looks", "citizen", _to("/who-looked/")),
    Shot("citizen-request", "citizen", _to("/requests/new/")),
)


@contextmanager
def platform(people: int) -> Iterator[tuple[str, dict[str, str]]]:
    """A platform of our own; its address, and the passwords of the demo accounts."""
    folder = Path(tempfile.mkdtemp(prefix="dancu-pictures-"))
    folder.chmod(0o755)  # The database's own user must be able to enter.
    port = ephemeral_port()
    environment = os.environ | {
        "DANCU_VAR": str(folder / "var"),
        "DANCU_WEB_PORT": str(port),
        "DANCU_DATABASE_PORT": str(ephemeral_port()),
        "DANCU_CITY_PEOPLE": str(people),
        "DANCU_CITY_SEED": "1",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "dancu.cli.main", "up"]
    child = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/health/ready", child)
        known = json.loads((folder / "var" / "sign_ins.json").read_text(encoding="utf-8"))
        yield f"http://127.0.0.1:{port}", known
    finally:
        child.terminate()
        child.wait(timeout=90)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(address: str, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("screenshots: the platform did not become ready")


def _browser_program() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DANCU_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def _sign_in(page: Page, account: str, password: str) -> None:
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill(account)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/sign-in/" not in address)


def _take(browser: Browser, origin: str, known: dict[str, str], shot: Shot, target: Path) -> None:
    for width, height in SIZES:
        context = browser.new_context(
            base_url=origin,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        try:
            page = context.new_page()
            if shot.account:
                _sign_in(page, shot.account, known[shot.account])
            shot.go(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=target / f"{shot.name}-{width}.png", full_page=True)
        finally:
            context.close()


def main() -> int:
    """Take every picture, or those named; exit code 1 when one could not be taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--people", type=int, default=3000, help="size of the city (3000)")
    parser.add_argument("--to", type=Path, default=PICTURES, help="directory of the pictures")
    args = parser.parse_args()
    chosen = [shot for shot in SHOTS if not args.names or shot.name in args.names]
    args.to.mkdir(parents=True, exist_ok=True)
    failed = 0
    with platform(args.people) as (origin, known), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser_program())
        for shot in chosen:
            try:
                _take(browser, origin, known, shot, args.to)
                print(f"taken: {shot.name}", flush=True)
            except Exception as error:  # noqa: BLE001 - the others are taken all the same
                failed += 1
                print(f"FAILED: {shot.name}: {str(error).splitlines()[0]}", flush=True)
        browser.close()
    print(f"{len(chosen) - failed} of {len(chosen)} pictures in {args.to}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
