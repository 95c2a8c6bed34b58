"""The feed and the specialised files are the same whoever makes them."""

from __future__ import annotations

import csv
import itertools
import json

import pytest
import python_calamine

from dancu.kernel import legacy
from dancu.kernel.text import nfc
from dancu.synthesis.batches import BATCHES, FIRST, batch_key
from dancu.synthesis.blocks import make_block
from dancu.synthesis.building import build
from dancu.synthesis.city import rows_of_block
from dancu.synthesis.dirty.config import sheets
from dancu.synthesis.dirty.encodings import to_tcvn3, to_vni
from dancu.synthesis.dirty.faults import OF_THE_FILE, known_faults
from dancu.synthesis.dirty.files import write_files
from dancu.synthesis.errors import MakerStopped, NotACity, UnknownDirtyFile
from dancu.synthesis.feed import city_feed
from dancu.synthesis.knowledge import knowledge

PEOPLE = 4_500
FILE_PEOPLE = 2_000


def _rows(makers, people=PEOPLE):
    with city_feed(people=people, seed=8, makers=makers) as feed:
        return {spec.name: [tuple(row) for row in feed.rows(spec.name)] for spec in BATCHES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with all the specialised files of a small city."""
    path = tmp_path_factory.mktemp("dirty")
    write_files(people=FILE_PEOPLE, seed=8, folder=path)
    return path


def _truth(folder, file):
    with (folder / f"{file}.truth.csv").open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def _cells(folder, file):
    with (folder / f"{file}.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_one_maker_and_three_give_the_same_rows(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    one = _rows(1)
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    assert one == _rows(3)


def test_the_feed_gives_what_the_blocks_give():
    know = knowledge()
    fed = _rows(2)
    for name, rows in fed.items():
        made = [rows_of_block(know, 8, block, PEOPLE)[name] for block in range(3)]
        assert rows == list(itertools.chain(*made))


def test_a_batch_that_is_not_read_to_its_end_does_not_hold_up_the_rest():
    with city_feed(people=PEOPLE, seed=8) as feed:
        next(feed.rows(FIRST))
        moves = list(feed.rows("moves"))
        assert len(moves) == feed.total("moves")
        assert feed.total(FIRST) + feed.total("births") + feed.total("undocumented") == PEOPLE


def test_a_maker_that_dies_is_noticed():
    with city_feed(people=60_000, seed=8) as feed:
        rows = feed.rows(FIRST)
        next(rows)
        feed._makers[0].kill()
        with pytest.raises(MakerStopped):
            list(rows)


def test_a_city_needs_people():
    with pytest.raises(NotACity):
        build(people=1, seed=1)


def test_keys_name_the_city():
    assert batch_key(1000, 7, "moves") == "city-1000-7-moves"
    assert len({spec.name for spec in BATCHES}) == len(BATCHES)


def test_files_are_the_same_twice(folder, tmp_path):
    write_files(people=FILE_PEOPLE, seed=8, folder=tmp_path)
    files = sorted(path.name for path in folder.iterdir())
    assert files == sorted(path.name for path in tmp_path.iterdir())
    for name in files:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_every_row_has_its_truth(folder):
    know = knowledge()
    people = {p.pid: p for p in make_block(know, 8, 0, FILE_PEOPLE).people()}
    for sheet in sheets().values():
        cells, truth = _cells(folder, sheet.file), _truth(folder, sheet.file)
        assert len(cells) == len(truth) > 0
        for row in truth:
            assert row["name"] == people[row["pid"]].name
            dead = bool(people[row["pid"]].death)
            assert ("DEAD_ACTIVE" in row["errors"].split("|")) == dead


def test_rows_without_planted_errors_are_true(folder):
    cells, truth = _cells(folder, "the-bhyt"), _truth(folder, "the-bhyt")
    clean = 0
    for cell, true in zip(cells, truth, strict=True):
        if not true["errors"]:
            clean += 1
            assert cell["Số CCCD/ĐDCN"] == true["pid"]
            assert cell["Họ tên"] == true["name"]
            assert cell["Địa chỉ"] == true["address"]
    assert clean > len(cells) / 3


def test_planted_errors_change_the_row(folder):
    cells, truth = _cells(folder, "the-bhyt"), _truth(folder, "the-bhyt")
    seen = set()
    for cell, true in zip(cells, truth, strict=True):
        codes = true["errors"].split("|")
        seen.update(codes)
        if "LEADING_ZERO_LOST" in codes:
            assert cell["Số CCCD/ĐDCN"].zfill(12) == true["pid"] != cell["Số CCCD/ĐDCN"]
        if "NFD" in codes:
            assert nfc(cell["Họ tên"]) != cell["Họ tên"]
        if "SEX_MISMATCH" in codes:
            assert cell["Số CCCD/ĐDCN"][3] != true["pid"][3]
        if {"OLD_UNIT", "SPLIT_WARD"} & set(codes) and len(codes) == 1:
            assert cell["Địa chỉ"] != true["address"]
    assert {"LEADING_ZERO_LOST", "OLD_UNIT", "SPLIT_WARD", "ADDRESS_ABBREV"} <= seen


def test_a_spreadsheet_loses_the_zero_as_spreadsheets_do(folder):
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "the-bhyt.xlsx"))
    rows = book.get_sheet_by_index(0).to_python()
    truth = _truth(folder, "the-bhyt")
    lost = [i for i, row in enumerate(truth, 1) if "LEADING_ZERO_LOST" in row["errors"]]
    assert isinstance(rows[lost[0]][1], float)
    kept = [i for i, row in enumerate(truth, 1) if not row["errors"]]
    assert isinstance(rows[kept[0]][1], str)


def test_a_cut_file_ends_inside_a_character(folder):
    content = (folder / "thue-bao.cut.csv").read_bytes()
    assert (folder / "thue-bao.csv").read_bytes().startswith(content)
    with pytest.raises(UnicodeDecodeError):
        content.decode()


def test_an_unknown_file_is_named(tmp_path):
    with pytest.raises(UnknownDirtyFile, match="nothing"):
        write_files(people=10, seed=1, folder=tmp_path, names=["nothing"])


def test_every_rate_belongs_to_a_fault():
    known = set(known_faults(knowledge().places)) | OF_THE_FILE
    for sheet in sheets().values():
        assert set(sheet.rates) == known, json.dumps(sorted(set(sheet.rates) ^ known))


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn Hòa", "Trần Thị Thủy", "Đặng Quốc Bảo", "Phạm Ngọc Ánh", "Huỳnh Mỹ Linh"]
)
def test_old_encodings_are_those_that_the_kernel_mends(name):
    assert legacy.repair(to_vni(name), legacy.VNI) == name
    assert legacy.repair(to_tcvn3(name), legacy.TCVN3).lower() == name.lower()
