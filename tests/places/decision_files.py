"""Decision files for the tests: a head, and what the test changes."""

from __future__ import annotations

HEAD = """\
version: 1
number: "{number}"
title: "Sắp xếp phường"
legal_basis: "Nghị quyết số {number}"
decided_on: 2026-10-15
effective_on: {day}
"""

#: Phường Sài Gòn gives what lies along Nguyễn Huệ, and the even side of Lê Lợi, to a new ward.
SPLIT = """\
units:
  - {code: "29901", level: commune, name: "Bạch Đằng", kind: PHUONG, parent: "79"}
changes:
  - from: "26740"
    rest: "26740"
    parts:
      - {to: "29901", street: "Nguyễn Huệ"}
      - {to: "29901", street: "Lê Lợi", houses: "1-200", side: even}
      - {to: "29901", neighbourhood: "Khu phố 3"}
"""

#: Phường Sài Gòn and Phường Bến Thành become one.
MERGER = """\
units:
  - {code: "29902", level: commune, name: "Sài Gòn - Bến Thành", kind: PHUONG, parent: "79"}
changes:
  - {from: "26740", to: "29902"}
  - {from: "26743", to: "29902"}
"""

#: Another name for the same area.
RENAMED = """\
units:
  - {code: "26740", level: commune, name: "Bến Nghé", kind: PHUONG, parent: "79"}
changes:
  - {from: "26740", to: "26740"}
"""


def text_of(body: str, *, number: str = "01/NQ-HĐND", day: str = "2026-12-01") -> str:
    return HEAD.format(number=number, day=day) + body
