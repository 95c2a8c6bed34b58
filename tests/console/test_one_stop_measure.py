"""The one-stop desk: what leaders see of it."""

from __future__ import annotations

import io
import re

from python_calamine import CalamineWorkbook

from tests.console.cast import Family, at_work
from tests.console.desk_work import text, worked


def test_leaders_see_numbers_and_never_a_person(family: Family) -> None:
    worked(family)
    page = text(at_work("province").get("/console/one-stop/measure/"))
    for words in ("Mất kết nối", "Xác nhận thông tin về cư trú (CT07)", "one-stop/dossiers/?"):
        assert words in page, words
    for name in ("Trần", "Hòa", family.mother_pid):
        assert name not in page
    steward = at_work("steward")
    page = text(steward.get("/console/one-stop/measure/"))
    assert "one-stop/dossiers/" not in page
    assert steward.get("/console/one-stop/dossiers/").status_code == 403
    assert steward.get("/console/one-stop/dossiers/table.csv").status_code == 403


def test_every_number_opens_the_dossiers_behind_it(family: Family) -> None:
    worked(family)
    client = at_work("province")
    for query, wanted in (
        ("", {"0000123", "0000124", "0000125", "0000126"}),
        ("?step=1", {"0000123"}),
        ("?step=5&paper=ct07", {"0000125"}),
        ("?step=0", {"0000126"}),
        ("?failed=1&reason=fact_outdated", {"0000124"}),
        ("?failed=2&reason=fact_outdated", set()),
        ("?day=1999-01-01", set()),
    ):
        page = text(client.get(f"/console/one-stop/dossiers/{query}"))
        assert set(re.findall(r"0000\d{3}", page)) == wanted, query


def test_sheets_keep_leading_zeros(family: Family) -> None:
    worked(family)
    client = at_work("auditor")
    answer = client.get("/console/one-stop/dossiers/table.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("0000126,MC-26740,")
    answer = client.get("/console/one-stop/dossiers/table.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()][1:] == [
        "0000126",
        "0000125",
        "0000124",
        "0000123",
    ]
    answer = client.get("/console/one-stop/measure/table.csv")
    assert b"".join(answer.streaming_content).decode().count("\n") == 2
    assert client.get("/console/one-stop/measure/table.doc").status_code == 404


def test_a_desk_of_another_province_is_not_counted(family: Family) -> None:
    worked(family)
    answer = at_work("province").get(
        "/console/one-stop/measure/?office=MC-00004&since=x&until=9999"
    )
    assert answer.status_code == 200
