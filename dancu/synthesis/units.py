"""Reading communes of both maps from ``catalogue/units``, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dancu.catalogue.files import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANGE = "2025-07-01"
CODE_LENGTH = 5
WORDS = {
    "PHUONG": "Phường",
    "XA": "Xã",
    "THI_TRAN": "Thị trấn",
    "DAC_KHU": "Đặc khu",
    "QUAN": "Quận",
    "HUYEN": "Huyện",
    "THI_XA": "Thị xã",
    "THANH_PHO": "Thành phố",
    "THANH_PHO_TW": "Thành phố",
    "TINH": "Tỉnh",
}
URBAN = {"Phường", "Thị trấn"}


class Unit(NamedTuple):
    """A commune of either map with its full text, for example ``Phường Bến Nghé, Quận 1, …``."""

    code: str
    kind: str
    province: str
    text: str

    @property
    def rural(self) -> bool:
        """Return whether addresses here have hamlets rather than streets."""
        return self.kind not in URBAN


class Units(NamedTuple):
    """Today's communes, the wards before 2025-07-01, and what became of each ward."""

    communes: list[Unit]
    wards: list[Unit]
    #: Ward code -> codes of the communes that took it in, the usual one first.
    successors: dict[str, tuple[str, ...]]


def read_units(base: Path) -> Units:
    """Read the communes of both maps from a ``units`` folder."""
    old_province = dict(_titles(base / "provinces.csv", old=True))
    new_province = dict(_titles(base / "provinces.csv", old=False))
    district = dict(_titles(base / "districts.csv", old=True))
    province_of = {row["code"]: row["parent"] for row in rows_of(base / "districts.csv")}
    communes: list[Unit] = []
    wards: list[Unit] = []
    for row in rows_of(base / "communes.csv"):
        kind = WORDS[row["kind"]]
        parent = row["parent"]
        title = f"{kind} {row['name']}"
        if row["valid_to"] == CHANGE:
            province = province_of.get(parent, parent)
            between = f"{district[parent]}, " if parent in district else ""
            text = f"{title}, {between}{old_province[province]}"
            wards.append(Unit(row["code"], kind, province, text))
        elif not row["valid_to"]:
            communes.append(Unit(row["code"], kind, parent, f"{title}, {new_province[parent]}"))
    return Units(communes, wards, _successors(base))


def _titles(path: Path, *, old: bool) -> Iterator[tuple[str, str]]:
    """Yield code and title of the units of the old map's last day, or of the new one's first."""
    for row in rows_of(path):
        start, end = row["valid_from"], row["valid_to"]
        valid = (
            (start < CHANGE and (not end or end >= CHANGE))
            if old
            else (start <= CHANGE and (not end or end > CHANGE))
        )
        if valid:
            yield row["code"], f"{WORDS[row['kind']]} {row['name']}"


def _successors(base: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows_of(base / "successions.csv"):
        if row["on"] == CHANGE and len(row["from"]) == len(row["to"]) == CODE_LENGTH:
            targets = found.setdefault(row["from"], [])
            targets.insert(0 if row["is_default"] == "1" else len(targets), row["to"])
    return {code: tuple(targets) for code, targets in found.items()}
