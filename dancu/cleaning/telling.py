"""What the command line shows of a file: lines of text, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dancu.cleaning.kinds import KINDS, Level
from dancu.cleaning.meanings import meaning_words
from dancu.cleaning.outcome import Outcome, grouped, summary, verdict
from dancu.cleaning.recipe import Decisions
from dancu.cleaning.workbench import Analysis, KindCount

_SHOWN = 3
_MARKS = {"yes": "✓", "sure": "~", "no": "✗"}
_NOTHING = "∅"


def profile_lines(found: Analysis) -> Iterator[str]:
    """Yield what is in the columns."""
    yield _("%(rows)s rows, %(columns)s columns") % {
        "rows": grouped(found.rows),
        "columns": len(found.columns),
    }
    for number, one in enumerate(found.profiles, start=1):
        title, meaning = one.column.title or "-", meaning_words(one.column.meaning)
        more = "+" if one.has_more else " "
        shapes = ", ".join(shape for shape, _count in one.shapes[:_SHOWN])
        yield (
            f"  {number:>2}  {title[:28]:<28} {meaning[:24]:<24} {int(one.share * 100):>3}% "
            f"{grouped(one.distinct):>7}{more} {shapes}"
        )


def kind_lines(found: Analysis, decisions: Decisions) -> Iterator[str]:
    """Yield what was found, by what becomes of it."""
    titles: dict[Level, str] = {
        "safe": _("Mended at once"),
        "proposed": _("Proposed: accept with --accept"),
        "look": _("Somebody has to look"),
    }
    for level, title in titles.items():
        kinds = ordered(found, level)
        if kinds:
            yield ""
            yield title
        for code, one in kinds:
            choice = decisions.kinds.get(code, "yes" if level == "safe" else "")
            mark = _MARKS.get(choice, " ")
            yield f"  {mark} {grouped(one.count):>8}  {KINDS[code].label}  [{code.lower()}]"
            if level == "proposed":
                yield from sample_lines(one)


def ordered(found: Analysis, level: Level) -> list[tuple[str, KindCount]]:
    """Return the kinds of a level that were found, the most frequent first."""
    kinds = [(code, one) for code, one in found.kinds.items() if KINDS[code].level == level]
    return sorted(kinds, key=lambda item: -item[1].count)


def sample_lines(one: KindCount) -> Iterator[str]:
    """Yield a few examples."""
    for (_place, before, after), count in one.values.most_common(_SHOWN):
        times = f"{grouped(count)} × " if count > 1 else ""
        yield f"               {times}{before or _NOTHING} → {after or _NOTHING}"


def question(code: str, one: KindCount) -> Iterator[str]:
    """Yield what is asked about a kind."""
    yield ""
    yield f"{KINDS[code].label}: {grouped(one.count)}. {KINDS[code].why}"
    yield from sample_lines(one)


def question_words() -> str:
    """Return the answers that may be given."""
    return _("[y] all, [s] only the sure ones, [n] none, [e] each value, [q] leave: ")


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """Yield what came of the file."""
    yield ""
    yield verdict(outcome)
    for line in summary(outcome):
        if line.is_head:
            yield ""
            yield line.label
        else:
            number = grouped(line.number) if line.number is not None else ""
            yield f"  {number:>9}  {line.label}"
    yield ""
