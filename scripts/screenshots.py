"""Take the pictures of the documentation in a real browser: ``make screenshots``.

Starts a throw-away installation with a small synthetic city (or uses the one at ``--url``), plays
the story of the quickstart with the demo accounts, and writes ``docs/screenshots/*.png`` with a
palette of at most 256 colours. A picture that hardly differs from the one already there is left
alone, so that times of day and drawn numbers do not change the repository.

``NAME.png`` is Vietnamese on a desk, ``NAME.en.png`` English, ``NAME.phone.png`` a phone.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

import screenshots_cleaning as cleaning  # noqa: E402
from driving import DESK, PHONE, open_browser, open_page  # noqa: E402

PEOPLE = 3000
LARGEST = 150_000
#: Up to this part of the pixels may differ before a picture is written again.
SAME = 0.004
READY_SECONDS = 300
#: Runs a command of ``dancu`` on the installation.
Run = Callable[..., None]

# Palette and indices are made where the pixels are: in the browser.
_REDUCE = """
async ([picture, before]) => {
  const pixels = async (source) => {
    const image = new Image();
    image.src = "data:image/png;base64," + source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const data = drawing.getImageData(0, 0, image.width, image.height).data;
    return { width: image.width, height: image.height, words: new Uint32Array(data.buffer) };
  };
  const now = await pixels(picture);
  const split = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
  const distance = (a, b) =>
    (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  let difference = 1;
  if (before) {
    const then = await pixels(before);
    if (then.width === now.width && then.height === now.height) {
      let count = 0;
      for (let i = 0; i < now.words.length; i++) {
        if (now.words[i] === then.words[i]) continue;
        if (distance(split(now.words[i]), split(then.words[i])) > 1200) count++;
      }
      difference = count / now.words.length;
    }
  }
  const counts = new Map();
  for (const word of now.words) counts.set(word, (counts.get(word) || 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  let chosen = [];
  for (let apart = 0; ; apart = apart ? apart * 1.6 : 3) {
    chosen = [];
    for (const word of common) {
      const colour = split(word);
      if (chosen.every((other) => distance(other, colour) > apart)) chosen.push(colour);
      if (chosen.length > 256) break;
    }
    if (chosen.length <= 256) break;
  }
  const nearest = new Map();
  for (const word of common) {
    const colour = split(word);
    let best = 0;
    let least = Infinity;
    chosen.forEach((other, index) => {
      const far = distance(other, colour);
      if (far < least) [best, least] = [index, far];
    });
    nearest.set(word, best);
  }
  const indices = new Uint8Array(now.words.length);
  for (let i = 0; i < indices.length; i++) indices[i] = nearest.get(now.words[i]);
  let text = "";
  for (let i = 0; i < indices.length; i += 32768)
    text += String.fromCharCode(...indices.subarray(i, i + 32768));
  return {
    width: now.width, height: now.height, palette: chosen.flat(), indices: btoa(text), difference,
  };
}
"""


def palette_png(width: int, height: int, palette: list[int], indices: bytes) -> bytes:
    """Write a PNG with a palette: one byte a pixel, no filter (PNG specification, 2003)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    lines = b"".join(b"\0" + indices[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"PLTE", bytes(palette)),
            chunk(b"IDAT", zlib.compress(lines, 9)),
            chunk(b"IEND", b""),
        )
    )


@dataclass
class Album:
    """Where pictures go, and what became of each."""

    folder: Path
    reducer: Any
    rewrite: bool = False
    taken: list[str] = field(default_factory=list)

    def take(self, page: Any, name: str) -> None:
        """Take what is on the screen, once the fonts have come."""
        page.evaluate("document.fonts.ready.then(() => true)")
        self._keep(name, page.screenshot())

    def _keep(self, name: str, raw: bytes) -> None:
        path = self.folder / f"{name}.png"
        old = path.read_bytes() if path.exists() and not self.rewrite else b""
        told = [base64.b64encode(raw).decode(), base64.b64encode(old).decode()]
        reduced = self.reducer.evaluate(_REDUCE, told)
        self.taken.append(path.name)
        if old and reduced["difference"] < SAME:
            print(f"{path.name}: as before")
            return
        indices = base64.b64decode(reduced["indices"])
        body = palette_png(reduced["width"], reduced["height"], reduced["palette"], indices)
        if len(body) > LARGEST:
            raise SystemExit(f"{path.name} has {len(body)} bytes; the most is {LARGEST}")
        path.write_bytes(body)
        print(f"{path.name}: {len(body) // 1024} kB")


# -- An installation to look at ----------------------------------------------------------------


@contextmanager
def throw_away(people: int) -> Iterator[tuple[str, dict[str, str], Run]]:
    """Start an installation; yields its address, the demo passwords, and what runs commands."""
    with tempfile.TemporaryDirectory(prefix="dancu-pictures-") as name:
        # The server of the database may run as another user.
        Path(name).chmod(0o755)
        var, port = Path(name) / "var", _free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DANCU_")} | {
            "DANCU_VAR": str(var),
            "DANCU_CONFIG": str(Path(name) / "dancu.toml"),
            "DANCU_WEB_PORT": str(port),
            "DANCU_WEB_WORKERS": "1",
            "DANCU_DATABASE_PORT": str(_free_port()),
            "DANCU_EXCHANGE_PORT": str(_free_port()),
            "DANCU_CITY_PEOPLE": str(people),
        }
        environment.pop("DATABASE_URL", None)
        Path(environment["DANCU_CONFIG"]).touch()
        command = [sys.executable, "-m", "dancu.cli.main", "up"]
        child = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
        try:
            origin = f"http://127.0.0.1:{port}"
            _wait_until_ready(child, origin)

            def run(*words: str) -> None:
                line = [*command[:-1], *words]
                subprocess.run(line, cwd=ROOT, env=environment, check=True)  # noqa: S603

            run("quality", "run")
            passwords = json.loads((var / "sign_ins.json").read_text(encoding="utf-8"))
            yield origin, passwords, run
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(60)
            shutil.rmtree(var, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(child: subprocess.Popen[bytes], origin: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _second in range(READY_SECONDS):
        if child.poll() is not None:
            raise SystemExit("the installation did not start; see the messages above")
        try:
            with opener.open(f"{origin}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit("the installation did not become ready")


# -- The story ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """The browser, the installation and the album."""

    browser: Any
    origin: str
    passwords: dict[str, str]
    album: Album
    run: Run

    @contextmanager
    def signed_in(
        self, who: str, *, size: tuple[int, int] = DESK, language: str = "vi"
    ) -> Iterator[Any]:
        """A page of somebody who has signed in."""
        cookies = {"dancu_language": language}
        with open_page(self.browser, self.origin, size=size, cookies=cookies) as (page, _guard):
            page.goto("/sign-in/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", self.passwords[who])
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            yield page

    @contextmanager
    def at_work(self, who: str, purpose: str, case: str, **options: Any) -> Iterator[Any]:
        """A page of an officer who has opened a case."""
        with self.signed_in(who, **options) as page:
            page.goto("/console/case/")
            page.check(f"input[name=purpose][value={purpose}]")
            page.fill("input[name=case]", case)
            page.press("input[name=case]", "Enter")
            page.wait_for_url(lambda url: "/case/" not in url)
            yield page


def tell(stage: Stage) -> None:
    """Play the quickstart from the first sign-in to the citizen who reads who looked."""
    take = stage.album.take
    with open_page(stage.browser, stage.origin, size=DESK) as (page, _guard):
        page.goto("/sign-in/")
        take(page, "sign-in")
    address = look_around(stage)
    register_a_birth(stage, address)
    move_the_family(stage, address)
    try_in_vain(stage, address)
    ask_as_a_citizen(stage)
    decide_the_request(stage, address)
    serve_at_the_desk(stage)
    look_at_quality(stage)
    cleaning.work_off_a_ward(stage)
    cleaning.go_from_door_to_door(stage)
    cleaning.read_the_bulletin(stage)
    cleaning.clean_a_file(stage)
    welcome_a_developer(stage)


def look_around(stage: Stage) -> str:
    """Find the mother; returns the address of her page."""
    take = stage.album.take
    case = ("ward", "residence_registration", "HS-26740-0157")
    with stage.at_work(*case) as page:
        page.goto("/console/")
        take(page, "console-home")
        page.goto("/console/people/?q=tran+thi+thu+huong")
        take(page, "console-search")
        page.click("#results table a, table tbody a")
        page.wait_for_url("**/people/*/")
        address = str(page.url).removeprefix(stage.origin)
        take(page, "console-person")
        page.goto(f"{address}facts/birth_date/")
        take(page, "console-fact")
        page.goto(f"{address}?as_of=2021-12-01")
        take(page, "console-past")
        page.goto(f"{address}timeline/")
        take(page, "console-timeline")
        page.goto(f"{address}family/")
        take(page, "console-family")
    with stage.at_work(*case, language="en") as page:
        page.goto(address)
        take(page, "console-person.en")
        page.goto(f"{address}facts/permanent_residence/")
        take(page, "console-fact.en")
    with stage.at_work(*case, size=PHONE) as page:
        page.goto(address)
        take(page, "console-person.phone")
    with stage.at_work("ward", "data_correction", "HS-26740-0158") as page:
        page.goto(f"{address}facts/birth_date/")
        page.click("a[href*='/conflict/']")
        page.wait_for_url("**/conflict/**")
        take(page, "console-conflict")
    return address


def register_a_birth(stage: Stage, address: str) -> None:
    """The registrar enters the child that the mother was expecting."""
    with stage.at_work("registrar", "civil_status_registration", "HT-26740-0031") as page:
        page.goto(f"{address}birth/")
        page.fill("input[name=full_name]", "Nguyễn Gia Hân")
        page.check("input[name=sex][value=F]")
        page.fill("input[name=birth_date]", "14/11/2026")
        page.fill("input[name=place_text]", "Bệnh viện Từ Dũ")
        page.fill("input[name=place_commune]", "Phường Bến Thành, Thành phố Hồ Chí Minh")
        page.fill("input[name=evidence_reference]", "GCS 0912/2026")
        page.evaluate("scrollTo(0, 0)")
        stage.album.take(page, "console-birth")
        check(page)
        confirm(page)
        page.wait_for_url("**/family/")
        stage.album.take(page, "console-birth-done")


def move_the_family(stage: Stage, address: str) -> None:
    """An officer of the province, whose area both wards are, moves the household as it is."""
    with stage.at_work("province", "residence_registration", "HS-79-0092") as page:
        page.goto(f"{address}move/")
        for box in page.query_selector_all("input[name=people]"):
            box.check()
        page.fill("input[name=day]", "20/11/2026")
        page.check("input[name=target][value=keep]")
        page.fill("input[name=to_text]", "27 Lê Thánh Tôn")
        page.fill("input[name=to_commune]", "Phường Bến Thành, Thành phố Hồ Chí Minh")
        page.select_option("select[name=evidence_kind]", "form_ct01")
        page.fill("input[name=evidence_reference]", "CT01 0092/2026")
        check(page)
        stage.album.take(page, "console-move")
        confirm(page)
        page.wait_for_url(lambda url: "/move/" not in url)
        page.goto(f"{address}facts/permanent_residence/")
        stage.album.take(page, "console-history")


def check(page: Any) -> None:
    """Send the form; the page then shows what will be entered."""
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_selector("button[name=confirmed]")


def confirm(page: Any) -> None:
    """Have it entered."""
    page.click("button[name=confirmed]")


def try_in_vain(stage: Stage, address: str) -> None:
    """The officer of the former ward looks once more and is refused."""
    with stage.at_work("ward", "residence_registration", "HS-26740-0157") as page:
        page.goto(address)


def ask_as_a_citizen(stage: Stage) -> None:
    """The mother reads her data and who looked, and asks for a correction."""
    take = stage.album.take
    with stage.signed_in("citizen") as page:
        for path, name in (
            ("/", "portal-home"),
            ("/my-data/", "portal-data"),
            ("/who-looked/", "portal-who-looked"),
        ):
            page.goto(path)
            take(page, name)
    with stage.signed_in("citizen", language="en") as page:
        page.goto("/who-looked/")
        take(page, "portal-who-looked.en")
    with stage.signed_in("citizen", size=PHONE) as page:
        for path, name in (
            ("/", "portal-home.phone"),
            ("/my-household/", "portal-household.phone"),
            ("/who-looked/", "portal-who-looked.phone"),
        ):
            page.goto(path)
            take(page, name)
        page.goto("/requests/new/phone/")
        page.fill("[name=value]", "0900000024")
        page.fill("[name=reason]", "Tôi đã đổi số điện thoại.")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_selector("button[name=sure]")
        take(page, "portal-correction.phone")
        page.click("button[name=sure]")
        page.wait_for_url("**/requests/*/")


def decide_the_request(stage: Stage, address: str) -> None:
    """The officer of the ward where the family lives now finds it at the fact."""
    with stage.at_work("ward2", "data_correction", "HS-26743-0093") as page:
        page.goto(f"{address}facts/phone/")
        page.click("a[href*='/conflict/']")
        page.wait_for_url("**/conflict/**")
        take = stage.album.take
        take(page, "console-decision")


def serve_at_the_desk(stage: Stage) -> None:
    """A scan of the dossier and one of the card answer what a paper was asked for."""
    with stage.signed_in("desk") as page:
        page.goto("/console/one-stop/")
        page.keyboard.type("H29.26740-261122-0007")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_card")
        page.keyboard.type("082188000014||Tran Thi Thu Huong|02091988|Nu||")
        page.keyboard.press("Enter")
        page.wait_for_selector("#residence")
        stage.album.take(page, "console-one-stop")


def look_at_quality(stage: Stage) -> None:
    """How the province stands, and on a phone how the ward does."""
    with stage.signed_in("province") as page:
        page.goto("/console/quality/")
        stage.album.take(page, "console-quality")
        page.goto("/console/quality/rules/")
        stage.album.take(page, "console-quality-rules")
    with stage.signed_in("ward", size=PHONE) as page:
        page.goto("/console/quality/")
        stage.album.take(page, "console-quality.phone")


def welcome_a_developer(stage: Stage) -> None:
    """The first page of the developers' portal."""
    with open_page(stage.browser, stage.origin, size=DESK) as (page, _guard):
        page.goto("/developers/")
        stage.album.take(page, "developers-home")


def main() -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--url", help="an installation that may be written to; none: a new one")
    parser.add_argument("--sign-ins", type=Path, help="its file var/sign_ins.json")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"size of the city ({PEOPLE})")
    parser.add_argument("--rewrite", action="store_true", help="also those that look the same")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.url:
        passwords = json.loads(args.sign_ins.read_text(encoding="utf-8"))
        # Commands would run on another installation; its worker makes the bulletins.
        return _take(args.url.rstrip("/"), passwords, lambda *_words: None, args)
    with throw_away(args.people) as (origin, passwords, run):
        return _take(origin, passwords, run, args)


def _take(origin: str, passwords: dict[str, str], run: Run, args: argparse.Namespace) -> int:
    with open_browser() as browser:
        reducer = browser.new_page()
        album = Album(args.out, reducer, args.rewrite)
        tell(Stage(browser, origin, passwords, album, run))
    stray = {path.name for path in args.out.glob("*.png")} - set(album.taken)
    for name in sorted(stray):
        print(f"{name}: no longer taken; remove it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
