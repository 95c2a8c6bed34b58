"""Invented people and records for the styleguide. The words are data, so they stay Vietnamese."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dancu.design.chrome import AccountMenu, CaseStrip, Chrome, NavGroup, NavItem
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import (
    Badge,
    Choice,
    Crumb,
    Empty,
    Event,
    Fact,
    Link,
    PersonHeader,
    Progress,
    Relative,
    Stat,
    Step,
    Strip,
    StripPart,
    Tab,
)

LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Nguyễn Phương Quỳnh Khánh Huyền Trang"
LONG_PLACE = "Số 128 ngõ 1194/27 đường Láng, tổ dân phố 14, phường Láng, thành phố Hà Nội"
BATCH_LABEL = "Nạp tệp bảo hiểm y tế tháng 6"
BATCH_ROWS = 698_412


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="Họ, chữ đệm và tên khai sinh",
        help_text="Viết đúng như trong giấy khai sinh, có dấu.",
        error_messages={"required": "Nhập họ, chữ đệm và tên khai sinh."},
    )
    born = forms.DateField(
        label="Ngày, tháng, năm sinh",
        input_formats=["%d/%m/%Y", "%Y"],
        help_text="Ví dụ 02/01/1985. Chỉ ghi năm nếu không rõ ngày, tháng: 1985.",
        error_messages={"invalid": "Ngày 31/02/1985 không có trong lịch. Kiểm tra lại ngày sinh."},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    sex = forms.ChoiceField(
        label="Giới tính",
        choices=[("M", "Nam"), ("F", "Nữ")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn giới tính."},
    )
    nation = forms.ChoiceField(
        label="Dân tộc", choices=[("", "Chọn dân tộc"), ("01", "Kinh"), ("02", "Tày")]
    )
    phone = forms.CharField(label="Số điện thoại", required=False)
    income = forms.IntegerField(label="Mức trợ cấp", required=False)
    groups = forms.MultipleChoiceField(
        label="Đối tượng",
        choices=[("nct", "Người cao tuổi"), ("nkt", "Người khuyết tật"), ("hn", "Hộ nghèo")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    papers = forms.FileField(label="Giấy tờ kèm theo", required=False)
    note = forms.CharField(
        label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    sworn = forms.BooleanField(label="Tôi cam đoan những điều khai trên là đúng sự thật")


def chrome(face: str) -> Chrome:
    """Surroundings of the sample pages."""
    here = reverse("design:styleguide")
    if face == "portal":
        return Chrome(
            home_href=reverse("design:styleguide-citizen"),
            nav=[NavGroup(_citizen_nav())],
            account=AccountMenu(name=LONG_NAME, sign_out_href=here),
            operator="Uỷ ban nhân dân thành phố mẫu",
        )
    return Chrome(
        home_href=here,
        face="Công an phường",
        nav=_officer_nav(here),
        account=AccountMenu(
            name="Nguyễn Thị Kim Ngân",
            office="Công an phường Láng",
            roles=("Cảnh sát khu vực", "Tiếp nhận cư trú"),
            links=[Link("Nhật ký truy cập của tôi", here, "history")],
            sign_out_href=here,
        ),
        case=CaseStrip(
            purpose="Đăng ký thường trú",
            case="HS-2025-004217 · Trần Văn Đức",
            case_href=here,
            legal_basis="Luật Cư trú 2020, điều 22",
            change_href=here,
        ),
        search_href=here,
        operator="Uỷ ban nhân dân thành phố mẫu",
        instance="Bản tập huấn",
    )


def _citizen_nav() -> list[NavItem]:
    here = reverse("design:styleguide-citizen")
    return [
        NavItem("Trang chủ", here, "home", current=True),
        NavItem("Thông tin của tôi", here, "card"),
        NavItem("Gia đình", here, "family"),
        NavItem("Hồ sơ", here, "folder", count=2),
        NavItem("Ai đã xem", here, "eye"),
    ]


def _officer_nav(here: str) -> list[NavGroup]:
    return [
        NavGroup(
            [
                NavItem("Bàn làm việc", here, "home", current=True, count=12, shortcut="b"),
                NavItem("Tìm người", here, "search", shortcut="t"),
                NavItem("Hộ", here, "people"),
            ]
        ),
        NavGroup(
            [
                NavItem("Mâu thuẫn dữ liệu", here, "conflict", count=1284),
                NavItem("Tệp nạp", here, "upload"),
                NavItem("Sự kiện hộ tịch", here, "calendar"),
            ],
            label="Đúng, đủ, sạch, sống",
        ),
        NavGroup(
            [
                NavItem("Đơn vị hành chính", here, "map"),
                NavItem("Nhật ký truy cập", here, "shield"),
            ],
            label="Quản lý",
        ),
    ]


def elements(query: QueryDict) -> dict[str, object]:
    """The values of every element."""
    here = reverse("design:styleguide")
    sort = query.get("sort", "name")
    columns = _columns()
    return {
        "here": here,
        "crumbs": [Crumb("Bàn làm việc", here), Crumb("Hộ 0012", here), Crumb("Trần Văn Đức")],
        "tabs": [
            Tab("Thông tin", here, current=True),
            Tab("Quan hệ", here, count=4),
            Tab("Lịch sử", here, count=18),
            Tab("Mâu thuẫn", here, count=2),
            Tab("Ai đã xem", here),
        ],
        "menu": [
            NavGroup([NavItem("Đăng ký chuyển nơi thường trú", here, "map")], "Cư trú"),
            NavGroup([NavItem(f"Đổi chủ hộ sang {LONG_NAME}", here, "people")], "Hộ"),
        ],
        "person": person(),
        "stats": _stats(here),
        "strips": _strips(here),
        "table": Table(
            "Người tìm thấy",
            columns,
            _rows(here),
            "25 trong 1.234 người",
            sort,
            select_name="person",
        ),
        "table_one": Table("Một người", columns, _rows(here)[1:2], "1 người"),
        "table_none": Table("Không có ai", columns, [], empty=_nobody(here)),
        "pages": Paginator(range(1234), 25).page(query.get("page", 7)),
        "facts": _facts(here),
        "events": _events(here),
        "steps": _steps(here),
        "household": _household(here),
        "family": _family(here),
        "choices": [
            Choice("vi", "Bằng tin nhắn", "Miễn phí, trong ngày.", selected=True),
            Choice("mail", "Bằng thư điện tử"),
            Choice("post", "Qua bưu điện", "Ba đến năm ngày làm việc."),
        ],
        "units": [Choice("00199", "Phường Láng"), Choice("00202", "Phường Ô Chợ Dừa")],
        "progress": Progress(
            BATCH_LABEL, 174_603, BATCH_ROWS, detail="Còn khoảng 4 phút. 37 dòng cần xem lại."
        ),
        "progress_live": Progress(
            BATCH_LABEL,
            0,
            BATCH_ROWS,
            href=reverse("design:styleguide-progress", args=[0]),
            key="batch",
        ),
        "progress_unknown": Progress("Đang đối chiếu", 0, None, running=False, key="unknown"),
    }


def person() -> PersonHeader:
    """The header of a person's page."""
    return PersonHeader(
        name="Trần Văn Đức",
        pid="001*******15",
        sex="Nam",
        birth="02/01/1985",
        age="40 tuổi",
        residence=LONG_PLACE,
        badges=[Badge("Thường trú", "success"), Badge("2 mâu thuẫn", "danger", "conflict")],
        reveal_href=reverse("design:styleguide"),
    )


def _nobody(here: str) -> Empty:
    return Empty(
        "Không tìm thấy ai",
        "Thử bỏ dấu, chỉ ghi năm sinh, hoặc tìm ở cả thành phố.",
        Link("Tìm ở cả thành phố", here),
        "search",
    )


def _stats(here: str) -> list[Stat]:
    return [
        Stat("Đúng", "98,7%", here, "1.284 người còn mâu thuẫn", "success", 0.987),
        Stat("Đủ", "91,2%", here, "thiếu nhiều nhất: số điện thoại", "info", 0.912),
        Stat("Sạch", "84,0%", here, "412 nghi trùng", "warning", 0.84),
        Stat("Sống", "61,5%", here, "quá hạn cập nhật", "danger", 0.615),
    ]


def _strips(here: str) -> list[Strip]:
    some = [StripPart(0.41, "success"), StripPart(0.08, "warning"), StripPart(0.12, "info")]
    return [
        Strip("Lê Lợi", "61 %", some, here, "41 hộ đúng, 8 có sai lệch, 12 vắng nhà, 39 chưa đến"),
        Strip("Đường số 12, khu dân cư Bắc Lương Bèo", "0 %", (), here, "140 hộ chưa đến"),
        Strip("Nguyễn Huệ", "100 %", [StripPart(1, "success")], detail="212 hộ đúng"),
    ]


def _columns() -> list[Column]:
    return [
        Column(_("Full name"), sort="name", heading=True),
        Column(_("Personal identification number"), narrow=True),
        Column(_("Born"), sort="born", narrow=True),
        Column(_("Sex"), narrow=True, phone=False),
        Column(_("Residence")),
        Column(_("Data"), narrow=True),
        Column(_("Score"), sort="score", numeric=True),
    ]


def _rows(here: str) -> list[Row]:
    data = [
        (LONG_NAME, "046*******12", "1952", "Nữ", LONG_PLACE, Badge("Sạch", "success"), "99,1"),
        ("Đỗ Thị Ánh", "001*******15", "02/01/1985", "Nữ", "Tổ 14, Láng", _conflict(), "87,4"),
        ("Ya Ka", "", "03/1961", "Nam", "", Badge("Thiếu số", "warning"), "8,0"),
        ("Nguyễn Văn An", "001*******71", "14/11/2011", "Nam", "Tổ 2, Láng", Badge("Sạch"), "71,1"),
    ]
    rows = [
        Row(
            [
                Cell(name, here, detail="mẹ: Lê Thị Hoa"),
                Cell(pid or "–", code=True),
                born,
                sex,
                place or "không rõ",
                Cell(badges=[badge]),
                score,
            ],
            value=pid,
            label=name,
        )
        for name, pid, born, sex, place, badge, score in data
    ]
    danger = rows[1]
    rows[1] = Row(danger.cells, danger.value, danger.label, tone="danger")
    return rows


def _conflict() -> Badge:
    return Badge("2 mâu thuẫn", "danger", "conflict")


def _facts(here: str) -> list[Fact]:
    return [
        Fact("Họ, chữ đệm và tên khai sinh", "Trần Văn Đức", "Hộ tịch", here, "từ 02/01/1985"),
        Fact(
            "Số định danh cá nhân",
            "001*******15",
            "Công an",
            here,
            "từ 12/05/2016",
            masked=True,
            reveal_href=here,
        ),
        Fact(
            "Ngày, tháng, năm sinh",
            "02/01/1985",
            "Hộ tịch",
            here,
            conflict="Bảo hiểm xã hội: 01/02/1985",
            conflict_href=here,
        ),
        Fact("Nơi thường trú", LONG_PLACE, "Công an", here, "từ 01/07/2025", changed=True),
        Fact("Số điện thoại", "09*****321", "Viễn thông", here, masked=True, stale="quá 2 năm"),
        Fact("Nhóm máu", "", action=Link("Bổ sung", here)),
        Fact("Tôn giáo", "Không", "Người dân khai", since="chờ công an phường xác nhận"),
    ]


def _events(here: str) -> list[Event]:
    return [
        Event(
            "01/07/2025",
            "Đơn vị hành chính đổi tên",
            "Phường Láng Thượng nhập vào phường Láng.",
            "2025-07-01",
            "Nghị quyết sắp xếp đơn vị hành chính",
            tone="info",
            icon="map",
        ),
        Event(
            "14/03/2019",
            "Kết hôn với Đỗ Thị Ánh",
            "",
            "2019-03-14",
            "Giấy chứng nhận kết hôn 45/2019, UBND phường Láng",
            here,
            "success",
            "ring",
            parts=[
                Event("10:05", "", "Đã đăng ký.", "2019-03-14T10:05", href=here),
                Event("09:40", "", "Đã kiểm tra tình trạng hôn nhân.", "2019-03-14", href=here),
            ],
            parts_label="Xem cả 2 việc",
            rest=Link("Tất cả việc trong ngày", here),
        ),
        Event(
            "2004",
            "Chuyển đến Hà Nội",
            "Chỉ biết năm.",
            "2004",
            "Sổ hộ khẩu",
            badges=[Badge("chưa kiểm tra", "warning")],
        ),
        Event("02/01/1985", "Sinh", "Thái Bình", "1985-01-02", "Giấy khai sinh", icon="baby"),
    ]


def _steps(here: str) -> list[Step]:
    return [
        Step("Người được khai", "done", here),
        Step("Cha mẹ", "done", here),
        Step("Nơi đăng ký thường trú", "current", detail="khoảng 2 phút"),
        Step("Kiểm tra và gửi"),
    ]


def _household(here: str) -> list[Relative]:
    return [
        Relative("Trần Văn Đức", "Chủ hộ", "001*******15", "1985", here, current=True),
        Relative("Đỗ Thị Ánh", "Vợ", "001*******88", "1987", here),
        Relative(
            LONG_NAME, "Mẹ", "046*******12", "1952", here, badges=[Badge("Tạm vắng", "warning")]
        ),
        Relative("Trần Đỗ Minh Khôi", "Con", "", "2024", badges=[Badge("Chưa có số", "danger")]),
    ]


def _family(here: str) -> list[Relative]:
    child = Relative("Trần Đỗ Minh Khôi", "Con", "", "2024")
    self = Relative(
        "Trần Văn Đức", "", "001*******15", "1985", here, current=True, children=[child]
    )
    sister = Relative("Trần Thị Hạnh", "Em gái", "001*******21", "1990", here)
    father = Relative(
        "Trần Văn Thọ", "Cha", "", "1949 – 2010", outside=True, children=[self, sister]
    )
    return [father, Relative(LONG_NAME, "Mẹ", "046*******12", "1952", here)]
