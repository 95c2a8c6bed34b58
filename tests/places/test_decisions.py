"""Decision files: what is read, and what is refused with line, reason and remedy."""

from __future__ import annotations

import pytest

from dancu.catalogue.files import folder
from dancu.kernel.errors import fill
from dancu.places.decisions import flaws_of, read
from dancu.places.errors import DecisionRefused
from tests.places.decision_files import MERGER, RENAMED, SPLIT, text_of

BODY = 7  # The first line below the head.


def said(flaws):
    return [(flaw.line - BODY + 1, fill(flaw.message, flaw.params)) for flaw in flaws]


def refusal(body, **head):
    with pytest.raises(DecisionRefused) as caught:
        read(text_of(body, **head))
    return said(caught.value.flaws)


def wrongs(maps, body, **head):
    return said(flaws_of(read(text_of(body, **head)), maps))


@pytest.mark.parametrize("body", [SPLIT, MERGER, RENAMED])
def test_sound_decisions_have_no_flaw(maps, body):
    assert wrongs(maps, body) == []


def test_a_split_is_read_with_its_parts():
    (change,) = read(text_of(SPLIT)).changes
    assert change.to == ("26740", "29901")
    assert change.custodian == "26740"
    assert not change.is_whole
    assert [(p.street, p.ranges, p.side, p.neighbourhood) for p in change.parts] == [
        ("Nguyễn Huệ", (), "", ""),
        ("Lê Lợi", ((1, 200),), "even", ""),
        ("", (), "", "Khu phố 3"),
    ]


@pytest.mark.parametrize(
    ("written", "ranges"),
    [
        ("7", ((7, 7),)),
        ("1-99", ((1, 99),)),
        ("101-", ((101, None),)),
        ("-20, 30, 40 - 50", ((0, 20), (30, 30), (40, 50))),
    ],
)
def test_house_numbers_are_read(written, ranges):
    body = SPLIT.replace("1-200", written)
    assert read(text_of(body)).changes[0].parts[1].ranges == ranges


def test_comments_and_order_do_not_make_another_decision():
    other = text_of("# a note\n" + MERGER).replace(
        'from: "26740", to: "29902"', 'to: "29902", from: "26740"'
    )
    assert read(other).digest == read(text_of(MERGER)).digest
    assert read(text_of(MERGER, day="2026-12-02")).digest != read(text_of(MERGER)).digest


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('from: "26740"', "from: 26740", 4, "“26740” is not the code of a unit."),
        ("changes:", "change:", 3, "“change” is not known here."),
        ('to: "29902"}\n  - {from: "26743"', 'too: "29902"}\n  - {from: "26743"', 4, "“too” is"),
        ("level: commune", "level: village", 2, "“village” is no level."),
        ('name: "Sài Gòn - Bến Thành"', 'name: ""', 2, "“name” is missing or is not a text."),
        ('{from: "26740", to: "29902"}', '{from: "26740"}', 4, "does not say where"),
        ('to: "29902"}', f"to: {10**30}}}", 4, "is not the code of a unit"),
        ('to: "29902"}', 'parts: [{to: "29901", street: A, side: [odd]}]}', 4, "is no side"),
    ],
)
def test_a_slip_is_refused_at_its_line(old, new, line, reason):
    found = refusal(MERGER.replace(old, new, 1))
    assert any(at == line and reason in what for at, what in found), found


@pytest.mark.parametrize("houses", ["99-1", "x", "", "1-2-3", "-"])
def test_what_is_no_house_number_is_refused(houses):
    ((line, what),) = refusal(SPLIT.replace("1-200", houses))
    assert (line, "no house numbers" in what) == (8, True)


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "20261-12-01", "2026-12-01T09:00:00Z"])
def test_what_is_no_day_is_refused_at_its_line(day):
    (found,) = refusal(MERGER, day=day)
    assert found == (0, "“effective_on” is not a day.")


#: Thirty lines of these would be a list of a thousand million.
_DOUBLED = "a{0}: &a{0} [*a{1}, *a{1}]\n"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: &a [1]\nb: *a\n", 2, "“*a” refers to another place"),
        ("a: &a0 [1]\n" + "".join(map(_DOUBLED.format, range(1, 30), range(29))), 2, "“*a0”"),
        ("a:\n  - " + "[" * 120_000 + "]" * 120_000, 2, "too deep"),
        ("a:\n" + "- " * 120_000 + "b", 2, "too deep"),
    ],
)
def test_what_a_few_bytes_could_make_endless_is_refused(text, line, what):
    with pytest.raises(DecisionRefused) as caught:
        read(text)
    (flaw,) = caught.value.flaws
    assert flaw.line == line
    assert what in fill(flaw.message, flaw.params)


def test_broken_yaml_is_refused_at_its_line():
    ((line, what),) = refusal('changes:\n  - {from: "26740", to: [}\n')
    assert line == 2
    assert what.startswith("This is not YAML")
    ((_line, what),) = refusal('changes:\n  - {from: "26740", from: "26743"}\n')
    assert "said twice" in what


@pytest.mark.parametrize("text", ["", "[]", "just words", "a: [" * 2000])
def test_what_is_no_decision_at_all_is_refused(text):
    with pytest.raises(DecisionRefused):
        read(text)


def test_a_decision_cannot_precede_itself():
    ((_line, what),) = refusal(MERGER, day="2026-01-01")
    assert "takes effect before it was made" in what


def test_every_refusal_says_what_to_do(maps):
    broken = SPLIT.replace('    rest: "26740"\n', "").replace('parent: "79"', 'parent: "78"')
    for flaw in flaws_of(read(text_of(broken)), maps):
        assert fill(flaw.remedy, flaw.params)
        assert "%(" not in fill(flaw.message, flaw.params) + fill(flaw.remedy, flaw.params)


def test_a_split_without_a_rest_is_a_gap(maps):
    found = wrongs(maps, SPLIT.replace('    rest: "26740"\n', ""))
    assert found == [(4, "A gap: 26740 is split, and what no part names would go nowhere.")]


def test_a_split_whose_bounds_nobody_knows_needs_a_ward_that_settles_it(maps):
    body = SPLIT.split("    rest")[0]
    found = wrongs(maps, body + '    to: ["26740", "29901"]\n')
    assert found == [(4, "A gap: 26740 is split, and what no part names would go nowhere.")]
    assert wrongs(maps, body + '    to: ["26740", "29901"]\n    unclear: "26740"\n') == []


def test_a_unit_of_which_nothing_becomes_it_is_a_gap(maps):
    extra = '  - {code: "29903", level: commune, name: "X", kind: XA, parent: "79"}\nchanges:'
    assert wrongs(maps, MERGER.replace("changes:", extra)) == [
        (3, "A gap: nothing becomes the unit 29903.")
    ]


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ('{to: "26740", street: "Đường Nguyễn Huệ"}', 7),
        ('{to: "26740", street: "Lê Lợi", houses: "150-"}', 8),
        ('{to: "26740", street: "Lê Lợi", houses: "200", side: even}', 8),
        ('{to: "26740", neighbourhood: "KP 3"}', 9),
    ],
)
def test_the_same_addresses_named_twice_are_an_overlap(maps, part, other):
    ((line, what),) = wrongs(maps, f"{SPLIT}      - {part}\n")
    assert line == 10
    assert what == f"An overlap: the same addresses are named in line {other + BODY - 1}."


@pytest.mark.parametrize(
    "part",
    [
        '{to: "26740", street: "Lê Lợi", houses: "1-200", side: odd}',
        '{to: "26740", street: "Lê Lợi", houses: "201-"}',
        '{to: "26740", street: "Lê Lợi"}',
        '{to: "26740", street: "Nguyễn Huệ", neighbourhood: "Khu phố 5"}',
    ],
)
def test_parts_beside_or_within_each_other_do_not_overlap(maps, part):
    assert wrongs(maps, f"{SPLIT}      - {part}\n") == []


def test_a_unit_that_stands_and_is_not_changed_cannot_take_others(maps):
    found = wrongs(maps, 'changes:\n  - {from: "26740", to: "26743"}\n')
    assert found == [(2, "An overlap: the unit 26743 stands, and the decision does not change it.")]


def test_a_unit_named_twice_is_refused(maps):
    found = wrongs(maps, MERGER + '  - {from: "26743", to: "29902"}\n')
    assert [line for line, what in found if "several entries" in what] == [5, 6]


def test_units_that_only_exchange_their_codes_go_in_a_circle(maps):
    body = 'changes:\n  - {from: "26740", to: "26743"}\n  - {from: "26743", to: "26740"}\n'
    assert wrongs(maps, body) == [
        (2, "A circle: 26740 → 26743 → 26740. The units only exchange their codes.")
    ]


def test_codes_may_pass_on_where_something_really_changes(maps):
    body = """changes:
  - {from: "26740", to: "26743"}
  - {from: "26743", to: ["26743", "26740"], unclear: "26740"}
"""
    assert wrongs(maps, body) == []


@pytest.mark.parametrize(
    ("code", "day", "reason"),
    [
        ("00001", "2026-12-01", "ended on 2025-07-01"),
        ("99999", "2026-12-01", "There is no unit 99999"),
        ("00001", "2025-06-01", "changes on 2025-07-01 already"),
    ],
)
def test_a_unit_must_stand_and_be_the_last_of_its_code(maps, code, day, reason):
    body = MERGER.replace("26743", code)
    head = text_of(body, day=day).replace("decided_on: 2026-10-15", "decided_on: 2025-01-01")
    found = said(flaws_of(read(head), maps))
    assert any(line == 5 and reason in what for line, what in found), found


def test_what_lies_in_a_unit_that_ends_must_go_somewhere(maps):
    body = 'changes:\n  - {from: "79", to: "99"}\nunits:\n'
    body += '  - {code: "99", level: province, name: "Gia Định", kind: TINH}\n'
    found = wrongs(maps, body)
    assert len(found) == 168
    assert all(line == 2 and "which ends" in what for line, what in found)


def test_levels_kinds_and_parents_must_fit(maps):
    assert [w for _l, w in wrongs(maps, MERGER.replace("PHUONG", "TINH"))] == [
        "“TINH” is no kind of unit of this level."
    ]
    assert [w for _l, w in wrongs(maps, MERGER.replace('parent: "79"', 'parent: "26740"'))] == [
        "The parent 26740 of 29902 is no province on the day."
    ]
    body = MERGER.replace("level: commune", "level: province").replace(', parent: "79"', "")
    assert any("is a commune, and 29902 is not" in w for _l, w in wrongs(maps, body))


def test_nobody_may_be_left_without_a_follower(maps):
    found = wrongs(maps, MERGER + 'ends: ["26737"]\n')
    assert any("cannot end without a follower" in what for _line, what in found)


def test_the_example_of_the_guide_is_sound(maps):
    text = (folder() / "maps" / "example.yaml").read_text(encoding="utf-8")
    assert flaws_of(read(text), maps) == []
