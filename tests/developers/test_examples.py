"""The examples of the catalogue run against a real exchange, as a developer would run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from dancu.developers import sandbox_people, services, snippets
from dancu.developers.views.sandbox import commands
from dancu.exchange.api.registry import operations
from dancu.exchange.batches import running, spool
from dancu.kernel.clock import system_clock
from tests.developers.conftest import Pair
from tests.exchange.agency import BASE, Agency
from tests.exchange.serving import served

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SECONDS = 120
COMMANDS = {"curl": ["bash"], "python": [sys.executable], "javascript": ["node"]}
NEEDED = {"curl": ("bash", "curl", "openssl"), "python": (), "javascript": ("node",)}
#: What each example must say; a token for the common file.
SAYS = {
    "exchange": ["eyJ"],
    "verify": ["full_match", "is_at_least", "yes"],
    "look_up": ["permanent_residence", "26740"],
    "batch": ["Trần Thị Thu Hương", "999045000037"],
    "feed": ["HS-0001", "vn.dancu.person."],
    "signed": ["facts_differ"],
    "again": ["same answer", "rue"],
}


@dataclass
class Developer:
    """Somebody with a sandbox client, its key in a file, and an exchange that runs."""

    url: str
    client: str
    key: Path

    def run(self, file: Path, language: str) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.key.parent),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "EXCHANGE_URL": self.url,
            "EXCHANGE_CLIENT": self.client,
            "EXCHANGE_KEY": str(self.key),
            "CURSOR_FILE": str(self.key.with_name("cursor.txt")),
        }
        done = subprocess.run(
            [*COMMANDS[language], str(file)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def folder_of(language: str) -> Path:
    return snippets.folder() / "examples" / language


def _is_offered(topic: str) -> bool:
    found = snippets.topic(topic)
    assert found is not None
    return found.needs in {one.name for one in operations()}


def _require(language: str) -> None:
    for program in NEEDED[language]:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed, so examples in {language} cannot run")


@pytest.fixture
def developer(
    register: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Developer]:
    with served(tmp_path) as gateway:
        pair = Pair()
        made = services.make_sandbox(
            key=pair.public, label="", address="127.0.0.1", at=system_clock()
        )
        key = tmp_path / "key.pem"
        key.write_bytes(pair.private)
        yield Developer(f"http://127.0.0.1:{gateway.port}{BASE}", made.name, key)


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer batches beside the test, as the worker of jobs does."""
    folder = tmp_path / "exchange"
    monkeypatch.setattr(spool, "path_of", lambda reference: folder / f"{reference}.rows")
    is_over = threading.Event()

    def work() -> None:
        try:
            while not is_over.wait(0.2):
                running.work(clock=system_clock, seconds=5.0)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join(30)


def test_there_is_one_of_each() -> None:
    there = {(one.topic, one.language) for one in snippets.snippets()}
    missing = [
        (topic.name, language.name)
        for topic in snippets.TOPICS
        for language in snippets.LANGUAGES
        if (topic.name, language.name) not in there
    ]
    assert missing == []


@pytest.mark.parametrize("language", sorted(COMMANDS))
def test_all_run_as_they_stand(language: str, developer: Developer, worker: None) -> None:
    _require(language)
    for snippet in snippets.snippets():
        if snippet.language == language and _is_offered(snippet.topic):
            said = developer.run(folder_of(language) / snippet.file, language)
            for expected in SAYS[snippet.topic]:
                assert expected in said, f"{snippet.file}: {said}"


def test_a_p256_key_will_do_too(developer: Developer) -> None:
    pair = Pair()
    pair.key = ec.generate_private_key(ec.SECP256R1())  # type: ignore[assignment]
    made = services.make_sandbox(key=pair.public, label="", address="127.0.0.1", at=system_clock())
    developer.client = made.name
    developer.key.write_bytes(pair.private)
    for language in sorted(COMMANDS):
        if all(map(shutil.which, NEEDED[language])):
            common = snippets.snippet(snippets.COMMON, language)
            assert common is not None
            # A number in a signature that begins with zeros is shorter; it must be filled up.
            for _attempt in range(3):
                said = developer.run(folder_of(language) / common.file, language)
                assert said.startswith("eyJ")


def test_the_commands_of_the_sandbox_page_work(developer: Developer, tmp_path: Path) -> None:
    """What the page gives to copy, with an assertion put in as its script does."""
    _require("curl")
    agency = Agency(developer.client)
    agency.key = serialization.load_pem_private_key(developer.key.read_bytes(), password=None)
    assertion = agency.assertion(aud=f"{developer.url}/token")
    text = commands(developer.url, sandbox_people.known()[0].body).replace("ASSERTION", assertion)
    file = tmp_path / "page.sh"
    file.write_text(text, encoding="utf-8")
    assert "full_match" in developer.run(file, "curl")
