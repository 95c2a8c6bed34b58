"""The pictures of the cleaning room: a ward's list, a round, a bulletin, an agency's own file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from driving import PHONE

#: Lists are made by the worker.
WORKER_MS = 120_000
DAYS = 30
NAME = "Danh sách học sinh.csv"
FILE = (
    "STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính;Địa chỉ thường trú;Số điện thoại\n"
    "1;79315000101;NGUYỄN THỊ MAI ANH;1/3/2015;Nữ;Phường Sài Gòn, TP.HCM;0912345601\n"
    "2;079215000102;Trần  Minh Khôi;02-03-2015;nam;P. Bến Thành, TPHCM;0912 345 602\n"
    "3;079315000103;lê thị hồng nhung;2015;NỮ;Phường Sài Gòn, TP.HCM;912345603\n"
    "4;079215000104;Phạm Quốc Huy;13/14/2015;Nam;Phường Tân Định, TP.HCM;\n"
    "5;079215000104;Phạm Quốc Huy;13/12/2015;Nam;Phường Tân Định, TP.HCM;\n"
    ";;Cộng: 5;;;;\n"
)


def work_off_a_ward(stage: Any) -> None:
    """Streets and homes with something to mend; one home is mended at its door."""
    # The family has moved since the data were examined.
    stage.run("quality", "run")
    case = ("ward", "data_correction", "LS-26740-0001")
    with stage.at_work(*case) as page:
        page.goto("/console/ward/")
        stage.album.take(page, "console-ward")
    with stage.at_work(*case, size=PHONE) as page:
        page.goto("/console/ward/")
        page.click("main a[href*='/ward/street/']")
        page.wait_for_url("**/ward/street/**")
        page.click("main a[href*='/ward/homes/']")
        page.wait_for_url("**/ward/homes/**")
        stage.album.take(page, "console-ward-home.phone")
        stale = page.locator("tr", has_text="xác nhận được").locator("input[type=checkbox]")
        if stale.count():
            stale.first.check()
            page.get_by_role("button", name="Xác nhận mục đã đánh dấu").click()
            page.get_by_text("Đã đóng").first.wait_for()


def go_from_door_to_door(stage: Any) -> None:
    """A round is opened in a ward, and some of its houses are visited."""
    today = datetime.now(UTC) + timedelta(hours=7)
    with stage.signed_in("ward") as page:
        page.goto("/console/rounds/new/")
        page.check("input[name=kind][value=door_to_door]")
        page.fill("input[name=begins_on]", f"{today:%d/%m/%Y}")
        page.fill("input[name=ends_on]", f"{today + timedelta(days=DAYS):%d/%m/%Y}")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url(lambda url: url.rsplit("/", 2)[-2].isdecimal())
        check = page.url
        page.goto(f"{check}stops/?open=1")
        doors = [
            str(one.get_attribute("href"))
            for one in page.query_selector_all("main table a[href*='/rounds/stops/']")
        ]
        for door, outcome in zip(doors[1:], ("met", "nobody_home", "met"), strict=False):
            page.goto(door)
            page.click(f"button[name=outcome][value={outcome}]")
            page.wait_for_url("**/stops/?*")
        page.goto(check)
        stage.album.take(page, "console-round")
    with stage.signed_in("ward", size=PHONE) as page:
        page.goto(doors[0])
        stage.album.take(page, "console-round-door.phone")


def read_the_bulletin(stage: Any) -> None:
    """The bulletin tells a province and its ward what was mended, and where work is stuck."""
    stage.run("bulletin", "run", "--today", "weekly")
    with stage.signed_in("province") as page:
        page.goto("/console/bulletins/latest/weekly/")
        stage.album.take(page, "console-bulletin")
    with stage.signed_in("ward", size=PHONE) as page:
        page.goto("/console/bulletins/latest/weekly/")
        stage.album.take(page, "console-bulletin.phone")


def clean_a_file(stage: Any) -> None:
    """An agency's own list in the wizard: what its columns are, and what is proposed."""
    content = {"name": NAME, "mimeType": "text/csv", "buffer": FILE.encode()}
    with stage.signed_in("steward") as page:
        page.goto("/console/cleaning/new/")
        page.set_input_files("#id_file", content)
        page.get_by_role("button", name="Xem tệp").click()
        page.wait_for_selector("#profile", timeout=WORKER_MS)
        stage.album.take(page, "console-cleaning")
        page.get_by_role("button", name="Đúng như vậy").click()
        page.wait_for_url("**/proposals/")
        stage.album.take(page, "console-cleaning-proposals")
