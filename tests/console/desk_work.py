"""What an officer at the one-stop desk does, for the tests of it."""

from __future__ import annotations

import re

from django.test import Client

from dancu.disclosure.models import AccessRecord
from dancu.onestop.models import Question
from dancu.population.models import Pid
from tests.console.cast import Family, client_of

Kind = AccessRecord.Kind
START = "/console/one-stop/"
DOSSIER = "H29.26740-261122-0007"
FAILED = {
    "reason_1": "no_connection",
    "reason_2": "no_device",
    "reason_3": "no_reader",
    "reason_4": "no_other_means",
}


def card_of(pid: str, name: str = "TRAN THI THU HUONG", born: str = "02091988") -> str:
    return f"{pid}||{name}|{born}|Nữ|1 Lê Lợi, Sài Gòn|15032022"


def opened(who: str = "desk", dossier: str = DOSSIER, language: str = "vi") -> Client:
    client = client_of(who, language=language)
    answer = client.post(START, {"dossier": dossier})
    assert answer.status_code == 302, answer.content.decode()
    return client


def asked(client: Client, line: str, **more: str) -> str:
    answer = client.post(START, {"card": line, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def kinds_of(person: int) -> list[int]:
    rows = AccessRecord.objects.filter(person_id=person).order_by("id")
    return list(rows.values_list("kind", flat=True))


def main_of(answer: object) -> str:
    """What a page says, without what changes from one request to the next."""
    found = re.search(r"<main.*</main>", text(answer), re.DOTALL)
    assert found
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", found[0])
    return re.sub(r"one-stop/\d+/|\d\d:\d\d", "", page)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def sealed(client: Client, href: str) -> str:
    answer = client.post(f"{href}extract/")
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def link_of(page: str) -> str:
    found = re.search(r"http://testserver(/extract/[^<\s]+)", page)
    assert found
    return found[1].replace("&amp;", "&")


def family_pid(person: int) -> str:
    return str(Pid.objects.get(person_id=person).pid)


def worked(family: Family) -> None:
    """Three dossiers: found here, by VNeID, and with a paper; and one without a record."""
    client = opened(dossier="0000123")
    client.post(f"{asked(client, card_of(family.mother_pid))}steps/", {"step": "1"})
    client.post(START, {"dossier": "0000124"})
    href = asked(client, card_of(family.father_pid, "NGUYỄN VĂN HÒA", "02031984"))
    client.post(f"{href}steps/", {"step": "2", "reason_1": "fact_outdated"})
    client.post(START, {"dossier": "0000125"})
    client.post(START, {"card": card_of("079188999999")})
    href = f"{START}{Question.objects.order_by('-id')[0].pk}/"
    client.post(f"{href}steps/", {"step": "5", "paper": "ct07", **FAILED})
    client.post(START, {"dossier": "0000126"})
    asked(client, card_of(family.mother_pid))
