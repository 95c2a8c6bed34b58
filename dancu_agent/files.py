"""Files of questions, one a line: CSV with headings in either language, or JSON lines."""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu_agent.errors import AgentError
from dancu_agent.questions import question_of, wrong
from dancu_agent.spool.types import Asked
from dancu_agent.texts import msg

LARGEST_FILE = 512_000_000
_LONGEST_CELL = 10_000
HEADINGS = {
    "số định danh cá nhân": "pid",
    "số định danh": "pid",
    "mã định danh": "pid",
    "số cccd": "pid",
    "cccd": "pid",
    "số căn cước": "pid",
    "số căn cước công dân": "pid",
    "số cmnd": "old_id_number",
    "cmnd": "old_id_number",
    "họ và tên": "full_name",
    "họ tên": "full_name",
    "họ, chữ đệm và tên": "full_name",
    "họ, chữ đệm và tên khai sinh": "full_name",
    "ngày sinh": "birth_date",
    "ngày, tháng, năm sinh": "birth_date",
    "ngày tháng năm sinh": "birth_date",
    "giới tính": "sex",
    "dân tộc": "ethnicity",
    "tôn giáo": "religion",
    "quốc tịch": "nationality",
    "quê quán": "hometown",
    "nơi sinh": "birth_place",
    "nơi thường trú": "permanent_residence",
    "thường trú": "permanent_residence",
    "nơi đăng ký thường trú": "permanent_residence",
    "nơi tạm trú": "temporary_residence",
    "nơi ở hiện tại": "current_residence",
    "mã hồ sơ": "case",
    "số hồ sơ": "case",
    "mã tham chiếu": "reference",
}
_SPECIAL = frozenset({"reference", "case", "user"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How the lines of a file become questions.

    ``columns`` maps headings to attributes, an empty attribute leaves the column out; headings
    that it does not name are recognised in Vietnamese or taken as names of attributes.
    """

    purpose: str
    questions: Sequence[Mapping[str, Any]] = ()
    columns: Mapping[str, str] | None = None
    case: str = ""
    user: str = ""


def yes_no_question(text: str) -> dict[str, Any]:
    """Read ``is_alive``, ``is_at_least:18`` or ``lives_in:26740``."""
    name, _colon, argument = text.partition(":")
    if name == "is_at_least":
        if not argument.isdecimal():
            raise wrong("question", msg("is_at_least needs an age."), msg("write is_at_least:18"))
        return {"question": name, "years": int(argument)}
    if name == "lives_in":
        if not argument:
            raise wrong("question", msg("lives_in needs a unit."), msg("write lives_in:26740"))
        return {"question": name, "unit": argument}
    return {"question": name}


def name_of(path: Path, plan: Plan) -> str:
    """The name of a delivery: the same file asked in the same way has the same name."""
    digest = hashlib.sha256()
    told = [plan.purpose, list(plan.questions), dict(plan.columns or {}), plan.case, plan.user]
    digest.update(json.dumps(told, sort_keys=True).encode())
    with _opened(path) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()[:12]


def read(path: Path, plan: Plan, *, name: str, install: uuid.UUID) -> Iterator[Asked]:
    """The questions of a file, in order.

    Their ids follow from the installation, the delivery and the row, so that a file that is sent
    again, after a crash or by mistake, asks nothing twice. Raises ``AgentError`` that names the
    row and the field of the first line that cannot be asked.
    """
    rows = _json_lines(path) if path.suffix.lower() in {".jsonl", ".ndjson"} else _csv(path, plan)
    for number, found in rows:
        key = uuid.uuid5(install, f"{name}/{number}")
        try:
            yield question_of(
                _completed(found, plan), purpose=plan.purpose, file=name, row=number, name=str(key)
            )
        except AgentError as error:
            field = error.problem.field
            place = f"{path.name}:{number}" + (f" {field}" if field else "")
            told = error.problem
            raise wrong(place, told.what, told.remedy, why=told.why, **told.params) from None


def _completed(found: dict[str, Any], plan: Plan) -> dict[str, Any]:
    if plan.questions and "attributes" not in found:
        found.setdefault("questions", list(plan.questions))
    for field, value in (("case", plan.case), ("user", plan.user)):
        if value:
            found.setdefault(field, value)
    return found


def _opened(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise wrong(
                "FILE",
                msg("The file is larger than %(most)d MB."),
                msg("split it, or give it to the exchange as a batch on its page"),
                most=LARGEST_FILE // 1_000_000,
            )
        return path.open("rb")
    except OSError as error:
        raise wrong(
            "FILE",
            msg("The file %(path)s cannot be used: %(reason)s."),
            msg("check its name and that this account may read it"),
            path=str(path),
            reason=error.strerror or str(error),
        ) from None


def _lines(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise wrong(
                    f"{path.name}:{number}",
                    msg("The line is not text in UTF-8."),
                    msg('save it as "CSV UTF-8"; for a spreadsheet, export it so'),
                ) from None
            if "\0" in text:
                raise wrong(
                    f"{path.name}:{number}",
                    msg("The line is not text in UTF-8."),
                    msg('save it as "CSV UTF-8"; for a spreadsheet, export it so'),
                )
            yield unicodedata.normalize("NFC", text)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise wrong(
                f"{path.name}:{number}", msg("The line is no JSON object."), msg("correct the line")
            )
        is_question = bool(found.keys() & {"claims", "subject"})
        yield number, found if is_question else _split(found)


def _csv(path: Path, plan: Plan) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = _lines(path)
    first = next(lines, "")
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_again(first, lines), delimiter=separator)
    try:
        columns = _recognised(next(reader, []), plan, path)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                raise wrong(
                    f"{path.name}:{reader.line_num}",
                    msg("The line has more cells than there are headings."),
                    msg("put texts that hold the separator in quotes"),
                )
            pairs = zip(columns, cells, strict=False)
            found = {name: cell.strip() for name, cell in pairs if name and cell.strip()}
            yield reader.line_num, _split(found)
    except csv.Error as error:
        raise wrong(
            f"{path.name}:{reader.line_num}",
            msg("The line cannot be read as CSV: %(reason)s."),
            msg("look for a quotation mark that is not closed"),
            reason=str(error),
        ) from None


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _split(found: Mapping[str, Any]) -> dict[str, Any]:
    """Facts apart from what says something of the question itself."""
    special = {name: value for name, value in found.items() if name in _SPECIAL}
    claims = {name: value for name, value in found.items() if name not in _SPECIAL}
    return {**special, "claims": claims}


def _recognised(headings: Sequence[str], plan: Plan, path: Path) -> list[str]:
    chosen = plan.columns or {}
    names = []
    for heading in headings:
        plain = " ".join(heading.split())
        name = chosen.get(plain, HEADINGS.get(plain.lower(), plain))
        if name and not (name.isascii() and name.replace("_", "a").isalnum()):
            raise wrong(
                f"{path.name}:1",
                msg("The column %(heading)s is not recognised."),
                msg('tell what it holds: --column "%(heading)s=full_name", or =- to leave it out'),
                heading=plain,
            )
        if name and name in names:
            raise wrong(
                f"{path.name}:1",
                msg("Two columns hold %(name)s."),
                msg('leave one out: --column "%(heading)s=-"'),
                name=name,
                heading=plain,
            )
        names.append(name)
    if not any(names):
        raise wrong(
            f"{path.name}:1",
            msg("The file has no headings."),
            msg("name the columns in the first line, for example pid,full_name,birth_date"),
        )
    return names


def result_of(question: Any) -> dict[str, Any]:
    """A question's result as one object, for JSON and CSV alike."""
    found: dict[str, Any] = {"id": question.id, "state": str(question.state)}
    if question.file:
        found["row"] = question.row
    if question.reference:
        found["reference"] = question.reference
    if question.problem is not None:
        found["problem"] = question.problem
    if question.answer is not None:
        found["answer"] = dict(question.answer)
    return found


def flat(found: Mapping[str, Any]) -> dict[str, str]:
    """A result as the cells of a line: ``full_name`` holds match, ``full_name.reason`` why."""
    answer = found.get("answer") or {}
    cells = {name: str(found.get(name, "")) for name in ("row", "reference", "id", "state")}
    cells["outcome"] = str(answer.get("outcome", ""))
    if answer.get("successor") is not None:
        cells["successor"] = str(answer["successor"]).lower()
    attributes = answer.get("attributes")
    for name, value in (attributes if isinstance(attributes, dict) else {}).items():
        told = value if isinstance(value, dict) else {"result": value}
        cells[name] = str(told.get("result", told.get("value", "")))
        if told.get("reason"):
            cells[f"{name}.reason"] = str(told["reason"])
    answers = answer.get("answers")
    for each in answers if isinstance(answers, list) else []:
        argument = each.get("years", each.get("unit", ""))
        question = f"{each.get('question', '')}{f':{argument}' if argument != '' else ''}"
        cells[question] = str(each.get("answer", ""))
    problem = found.get("problem") or {}
    cells["code"], cells["error"] = problem.get("code", ""), problem.get("what", "")
    cells["remedy"] = problem.get("remedy", "")
    return cells
