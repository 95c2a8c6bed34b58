"""The pages of bulletins and targets: figures of one's own area, and what stands behind each."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dancu.bulletins.models import Target
from dancu.bulletins.services import produce, set_target
from dancu.disclosure.models import AccessRecord
from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.population.models import Person
from dancu.quality import examining
from dancu.quality.models import Issue
from tests.bulletins.town import closed, opened
from tests.console.cast import Family, at_work, client_of, say
from tests.console.desk_work import text
from tests.disclosure.conftest import officer

HERE, THERE, CITY = "26740", "26743", "79"
START = "/console/bulletins/"


@pytest.fixture
def edition(family: Family) -> int:
    """A briefing of tonight, with a target, over an examined register."""
    say(family.mother, "C06", birth_date="1988-01-01")
    say(family.son, "C06", sex="F")
    Person.objects.bulk_create(Person(commune=code) for code in (HERE, THERE) for _ in range(60))
    at = timezone.now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    closed(opened(HERE, 60, 3, today(at) - timedelta(days=4)), today(at))
    opened(THERE, 60, 20, today(at) - timedelta(days=4))
    actor = officer("province_officer", CITY)
    by = today(at) + timedelta(days=9)
    set_target(unit=HERE, group="", kind="left", goal=0, by=by, reason="KH-1", actor=actor, at=at)
    return produce(kind="evening", day=today(at), actor=None, at=at).pk


def test_before_the_first_bulletin_the_page_says_when_they_come(family: Family) -> None:
    page = text(at_work("ward", language="vi").get(START))
    assert "Chưa có bản tin" in page
    assert "20 giờ" in page
    assert at_work("ward").get(f"{START}latest/evening/")["Location"] == START


def test_a_ward_sees_its_own_figures_and_its_place_without_its_sisters(edition: int) -> None:
    client = at_work("ward", language="vi")
    assert f"{START}{edition}/" in text(client.get(START))
    page = text(client.get(f"{START}latest/evening/", follow=True))
    assert "Phường Sài Gòn" in page
    assert "Xếp thứ 1 trên 2" in page
    assert "Bến Thành" not in page
    assert "KH-1" not in page
    for unit in (THERE, CITY, "VN", "-", "00070", "x'"):
        for tail in ("", "behind/", "league/", "file.pdf", "file.xlsx"):
            assert client.get(f"{START}{edition}/{tail}", {"unit": unit}).status_code == 404
    assert client.get(f"{START}999/").status_code == 404


def test_a_province_sees_the_league_table_and_where_work_is_stuck(edition: int) -> None:
    client = at_work("province", language="vi")
    page = text(client.get(f"{START}{edition}/"))
    assert "chưa có kỳ trước để so sánh" in page
    stuck = page[page.index("Nơi đang tắc") : page.index("Diễn biến")]
    assert "Phường Bến Thành" in stuck
    assert "chưa sửa lỗi nào" in stuck
    ends = page[page.index("Dẫn đầu") : page.index("Theo nhóm lỗi")]
    assert ends.index("Phường Sài Gòn") < ends.index("Cuối bảng") < ends.index("Phường Bến Thành")
    assert "Thứ hạng xếp theo hai số" in page
    league = text(client.get(f"{START}{edition}/league/"))
    assert league.index("Phường Sài Gòn") < league.index("Phường Bến Thành")
    below = text(client.get(f"{START}{edition}/?unit={THERE}"))
    assert "Phường Bến Thành" in below


def test_every_number_opens_what_is_behind_it_and_nobody_is_named(
    edition: int, family: Family
) -> None:
    client = at_work("ward", language="en")
    page = text(client.get(f"{START}{edition}/"))
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"]*behind/[^"]*)"', page)}
    assert any("group=accurate_identity" in one for one in links)
    cases = set()
    for one in links:
        answer = client.get(one)
        assert answer.status_code == 200, one
        cases |= set(re.findall(r'href="(/console/quality/cases/[^"]+)"', text(answer)))
    assert not AccessRecord.objects.filter(person_id=family.mother).exists()
    assert cases
    found = text(client.get(next(c for c in cases if "january" in c).replace("&amp;", "&")))
    assert "Thu Hương" in found
    auditor = text(at_work("auditor").get(f"{START}{edition}/behind/?unit={HERE}"))
    assert "/console/quality/cases/" not in auditor


def test_behind_a_number_stands_what_the_bulletin_counted_and_what_is_open_today(
    edition: int,
) -> None:
    client = at_work("ward", language="vi")
    here = {"group": "clean_addresses"}
    before = text(client.get(f"{START}{edition}/behind/", here))
    assert "Bản tin ghi" not in before
    opened(HERE, 60, 2, today(timezone.now()))
    after = text(client.get(f"{START}{edition}/behind/", here))
    rows = [re.findall(r">\s*(\d+)\s*<", one[one.index("<tbody") :]) for one in (before, after)]
    # Left, mended, newly found, ended otherwise as told; open today.
    assert (rows[0][:5], rows[1][:5]) == (["0", "3", "0", "0", "0"], ["0", "3", "0", "0", "2"])
    for wrong in ({"group": "nothing"}, {"office": "nobody"}):
        assert client.get(f"{START}{edition}/behind/", wrong).status_code == 404


def test_where_people_took_issues_along_the_page_says_what_the_bulletin_said(
    edition: int,
) -> None:
    client = at_work("province", language="vi")
    there = f"{START}{edition}/behind/?unit={THERE}&group=clean_addresses"
    assert "Bản tin ghi" not in text(client.get(there))
    moved = Issue.objects.filter(unit=int(THERE), rule=60).values_list("subject", flat=True)[0]
    Issue.objects.filter(subject=moved).update(unit=int(HERE))
    assert "Bản tin ghi còn 20, đã sửa 0" in text(client.get(there))


def test_files_come_whole_under_their_names(edition: int) -> None:
    client = at_work("province", language="vi")
    pdf = client.get(f"{START}{edition}/file.pdf?unit={CITY}")
    assert pdf.content.startswith(b"%PDF")
    assert re.search(rf"evening-\d{{4}}-\d\d-\d\d-{CITY}\.pdf", pdf["Content-Disposition"])
    assert client.get(f"{START}{edition}/file.xlsx").content.startswith(b"PK")
    assert client.get(f"{START}{edition}/file.doc").status_code == 404


def test_whoever_leads_sets_a_target_and_takes_it_back(edition: int) -> None:
    client = at_work("province", language="vi")
    given = {"unit": THERE, "group": "clean_addresses", "kind": "left", "goal": "5"}
    by = f"{timezone.now() + timedelta(days=20):%d/%m/%Y}"
    answer = client.post("/console/targets/", {**given, "by": by})
    assert answer.status_code == 302, text(answer)
    page = text(client.get(str(answer["Location"])))
    assert "Còn phải giảm 15 lỗi" in page
    target = Target.objects.get(unit=THERE)
    client.post(f"/console/targets/{target.pk}/end/?unit={THERE}", {"reason": "đổi kế hoạch"})
    page = text(client.get(f"/console/targets/?unit={THERE}"))
    assert "đổi kế hoạch" in page
    assert "Còn phải giảm" not in page


def test_ones_own_target_stands_there_however_many_the_units_below_have(edition: int) -> None:
    at = timezone.now()
    actor, by = officer("province_officer", CITY), today(at) + timedelta(days=9)
    own = set_target(unit=CITY, group="", kind="left", goal=7, by=by, reason="", actor=actor, at=at)
    below = [one.code for one in places.list_units(parent=CITY, on=today(at))][:55]
    Target.objects.bulk_create(
        Target(unit=code, kind="left", goal=1, by=by, set_at=at + timedelta(minutes=1), office="X")
        for code in below
        if code != HERE
    )
    page = text(at_work("province", language="vi").get(f"/console/targets/?unit={CITY}"))
    assert f"/console/targets/{own}/end/" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"goal": "ít"}, "Nhập số nguyên"),
        ({"by": "01/01/2020"}, "Ngày này đã qua"),
        ({"by": ""}, "Nhập ngày"),
        ({"unit": "00070"}, "unit"),
        ({"kind": "daily", "goal": "0"}, "không dùng làm chỉ tiêu"),
    ],
)
def test_a_wrong_target_is_refused_at_its_field(
    edition: int, wrong: dict[str, str], words: str
) -> None:
    client = at_work("province", language="vi")
    by = f"{timezone.now() + timedelta(days=20):%d/%m/%Y}"
    given = {"unit": CITY, "group": "", "kind": "left", "goal": "5", "by": by}
    before = Target.objects.count()
    answer = client.post("/console/targets/", {**given, **wrong})
    assert answer.status_code == 422
    assert words in text(answer)
    assert Target.objects.count() == before


def test_who_does_not_lead_sets_nothing(edition: int) -> None:
    before = list(Target.objects.values())
    ward = at_work("ward", language="vi")
    assert "Giao chỉ tiêu" not in text(ward.get("/console/targets/"))
    given = {"unit": HERE, "kind": "left", "goal": "5", "by": "01/01/2027"}
    assert ward.post("/console/targets/", given).status_code == 403
    pk = before[0]["id"]
    assert ward.post(f"/console/targets/{pk}/end/").status_code == 403
    assert client_of("registrar").get("/console/targets/").status_code == 403
    assert list(Target.objects.values()) == before
