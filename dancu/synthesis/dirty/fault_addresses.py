"""Faults of addresses."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from dancu.synthesis.days import number
from dancu.synthesis.geography import OLD_MAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from dancu.synthesis.dirty.drafts import Draft
    from dancu.synthesis.geography import Geography

_OLD_DAY = number(OLD_MAP)
_SHORT = (
    ("Thành phố Hồ Chí Minh", "TP.HCM"),
    ("Thành phố Hà Nội", "HN"),
    ("Phường ", "P. "),
    ("Quận ", "Q."),
    ("Huyện ", "H. "),
    ("Thị trấn ", "TT. "),
    ("Thị xã ", "TX. "),
    ("Thành phố ", "TP. "),
    ("Khu phố ", "KP"),
    ("Tỉnh ", "T. "),
    ("Xã ", "X. "),
)
_PROVINCE = re.compile(r", (?:Thành phố|Tỉnh|TP\.|T\. |HN)[^,]*$")


class AddressFaults:
    """Faults that need the maps."""

    def __init__(self, places: Geography) -> None:
        """Count which communes share their name with another one."""
        self._places = places
        counts = Counter(ward.place.text.split(", ")[0] for ward in places.wards)
        self._several = frozenset(name for name, count in counts.items() if count > 1)
        self.faults: dict[str, Callable[[Draft, int], str]] = {
            "OLD_UNIT": self.old_unit,
            "NO_PROVINCE": self.no_province,
            "HOMONYM": self.homonym,
            "ADDRESS_ABBREV": self.abbreviated,
        }

    def old_unit(self, draft: Draft, _: int) -> str:
        """Write the address on the map before 2025-07-01."""
        if not draft.cells["address"]:
            return ""
        draft.cells["address"] = draft.stay.address(_OLD_DAY, self._places).text
        split = len(self._places.wards[draft.stay.ward].successors) > 1
        return "SPLIT_WARD" if split else "OLD_UNIT"

    def no_province(self, draft: Draft, _: int) -> str:
        """Leave out the province."""
        before = draft.text("address")
        draft.cells["address"] = after = _PROVINCE.sub("", before)
        return "NO_PROVINCE" if after != before else ""

    def homonym(self, draft: Draft, _: int) -> str:
        """Leave the name of the old ward alone, which others bear too."""
        ward = self._places.wards[draft.stay.ward].place.text.split(", ")[0]
        if ward not in self._several or not draft.cells["address"]:
            return ""
        draft.cells["address"] = f"{draft.stay.street}, {ward}"
        return "HOMONYM"

    def abbreviated(self, draft: Draft, _: int) -> str:
        """Write P., Q. and TP.HCM."""
        text = before = draft.text("address")
        for long, short in _SHORT:
            text = text.replace(long, short)
        draft.cells["address"] = text
        return "ADDRESS_ABBREV" if text != before else ""
