"""What pages hand to the elements: small frozen values, free of HTML and of other rooms.

Text in these values is escaped when it is shown, unless it is a ``SafeString``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | SafeString | Promise
Tone = Literal["neutral", "info", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to somewhere else, in words."""

    label: Text
    href: str
    icon: str = ""
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in one or two words. ``tone`` adds colour and never carries the meaning alone."""

    text: Text
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, a radio group or a group of checkboxes."""

    value: str
    label: Text
    hint: Text = ""
    selected: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way back; the last of a list is the page itself and needs no address."""

    label: Text
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view among a few on the same thing; each has an address of its own."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a longer task."""

    label: Text
    state: Literal["done", "current", "todo"] = "todo"
    href: str = ""
    detail: Text = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says when it holds nothing: why, and what to do next."""

    title: Text
    detail: Text = ""
    action: Link | None = None
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute of something: its value, whence it comes, what disputes it.

    ``masked`` marks a value shown in part; ``reveal_href`` leads to the page that asks for the
    purpose of seeing it whole. An empty ``value`` is shown as "not known".
    """

    label: Text
    value: Text = ""
    source: Text = ""
    source_href: str = ""
    since: Text = ""
    conflict: Text = ""
    conflict_href: str = ""
    masked: bool = False
    reveal_href: str = ""
    code: bool = False
    changed: bool = False
    stale: Text = ""
    action: Link | None = None
    href: str = ""
    """Where the fact has a page of its own: its label then leads there."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``when`` is shown as given, ``iso`` is for machines."""

    when: Text
    title: Text
    detail: Text = ""
    iso: str = ""
    source: Text = ""
    href: str = ""
    tone: Tone = "neutral"
    icon: str = ""
    badges: Sequence[Badge] = ()
    #: Events that this one sums up, which open below it on demand; ``rest`` leads to more of them.
    parts: Sequence[Event] = ()
    parts_label: Text = ""
    rest: Link | None = None


@dataclass(frozen=True, slots=True)
class PersonHeader:
    """The head of every page on one person; what may be seen was decided by the disclosure."""

    name: Text
    pid: Text = ""
    sex: Text = ""
    birth: Text = ""
    age: Text = ""
    residence: Text = ""
    badges: Sequence[Badge] = ()
    photo_src: str = ""
    href: str = ""
    reveal_href: str = ""
    copyable_pid: str = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody in a household list or a family tree; ``children`` hang below."""

    name: Text
    role: Text = ""
    pid: Text = ""
    detail: Text = ""
    href: str = ""
    current: bool = False
    outside: bool = False
    badges: Sequence[Badge] = ()
    children: Sequence[Relative] = field(default=())


@dataclass(frozen=True, slots=True)
class Stat:
    """A number that opens: ``href`` leads to the cases behind it."""

    label: Text
    value: Text
    href: str = ""
    detail: Text = ""
    tone: Tone = "neutral"
    part: float | None = None
    """A share from 0 to 1, drawn as a bar under the number."""


@dataclass(frozen=True, slots=True)
class StripPart:
    """One stretch of a strip: a share from 0 to 1. Stretches of all strips mean the same."""

    part: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of a picture: what share of something is how. ``detail`` says in words what is drawn.

    What the parts leave open is what is still to be done.
    """

    label: Text
    value: Text
    parts: Sequence[StripPart] = ()
    href: str = ""
    detail: Text = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work has come. ``total`` is None when it is not yet known.

    While ``running`` and ``href`` is set, the element asks that address for its next state and
    replaces itself by the answer (the same element).
    """

    label: Text
    done: int
    total: int | None = None
    href: str = ""
    running: bool = True
    detail: Text = ""
    tone: Tone = "info"
    key: str = "progress"

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down, so that 100 means finished."""
        if self.total is None:
            return None
        return 100 if self.total == 0 else min(100, self.done * 100 // self.total)
