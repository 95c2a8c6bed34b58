"""What officers type: dates and telephone numbers in any usual form."""

from __future__ import annotations

import pytest

from tests.console.cast import Family, client_of, say
from tests.console.test_forms import PAPER, a_birth, problems, send
from tests.console.test_work import words


@pytest.mark.parametrize(
    "typed", ["20/10/2026", "20-10-2026", "20.10.2026", "20102026", "20 10 2026", "2026-10-20"]
)
def test_a_day_is_read_however_it_is_typed(family: Family, typed: str) -> None:
    client = client_of("registrar", purpose="civil_status_registration", language="en")
    href = f"/console/people/{family.mother}/birth/"
    answer = client.post(href, a_birth(family, birth_date=typed))
    assert answer.status_code == 200, problems(answer)
    assert "20/10/2026" in words(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2026", "not a date"),
        ("1/2/26", "only two digits"),
        ("10/20/2026", "month before the day"),
        ("2026", "Give the full day"),
        ("99999999", "not a date"),
    ],
)
def test_what_is_no_full_day_is_told_at_its_field(family: Family, typed: str, said: str) -> None:
    client = client_of("registrar", purpose="civil_status_registration", language="en")
    answer = client.post(
        f"/console/people/{family.mother}/birth/", a_birth(family, birth_date=typed)
    )
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'inputmode="numeric"' in answer.content.decode()
    assert 'type="date"' not in answer.content.decode()


@pytest.mark.parametrize("typed", ["0987 654 321", "+84 987.654.321", "0987654321", "987654321"])
def test_a_telephone_number_is_read_shown_and_kept_in_one_form(family: Family, typed: str) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.father}/facts/phone/correct/"
    form = client.get(href).content.decode()
    assert 'value="0900000014"' in form
    kept = {"version": client.get(href).context["versions"]}
    answers = {"value": typed, "day": "01/11/2026", **PAPER}
    answers |= {name: str(value) for name, value in kept["version"]}
    checked = client.post(href, answers)
    assert "0987654321" in words(checked)
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    page = words(client.get(f"/console/people/{family.father}/facts/phone/"))
    assert "0987654321" in page
    assert "+84" not in page


def test_what_two_sources_write_differently_reads_the_same(family: Family) -> None:
    say(family.father, "VIETTEL", phone="+84911222333")
    client = client_of("ward", purpose="data_correction", language="en")
    assert "0911222333" in words(client.get(f"/console/people/{family.father}/facts/phone/"))


@pytest.mark.parametrize("typed", ["12345", "0912 345", "khong co"])
def test_what_is_no_telephone_number_is_told(family: Family, typed: str) -> None:
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.father}/facts/phone/correct/"
    answer = client.post(href, {"value": typed, "day": "01/11/2026", **PAPER})
    assert answer.status_code == 422
    assert "value" in answer.context["form"].errors
