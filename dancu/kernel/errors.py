"""Typed errors, and their rendering as RFC 9457 problem details.

The kernel knows no translation machinery: messages are English msgids with ``%(name)s`` places,
and whoever renders them passes ``translate`` (for example Django's ``gettext``).
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Translate = Callable[[str], str]

PROBLEM_TYPE = "urn:dancu:problem:"
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def untranslated(message: str) -> str:
    """Return the message as it is: the ``translate`` of a caller that speaks English."""
    return message


def fill(message: str, params: Mapping[str, object], translate: Translate = untranslated) -> str:
    """Translate a msgid and put the values in its ``%(name)s`` places.

    Without ``params`` the text is taken literally, so a stray ``%`` does no harm; a text whose
    places do not fit the values comes back unfilled, since telling of an error must not fail.
    """
    text = translate(message) if message else ""
    try:
        return text % params if params else text
    except (KeyError, TypeError, ValueError):
        return text


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, why, and what to do about it."""

    field: str
    code: str
    message: str
    remedy: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict, hash=False)

    def text(self, translate: Translate = untranslated) -> str:
        """Return the message in the reader's language, values filled in."""
        return fill(self.message, self.params, translate)

    def remedy_text(self, translate: Translate = untranslated) -> str:
        """Return the remedy in the reader's language; empty when there is none."""
        return fill(self.remedy, self.params, translate)

    def __str__(self) -> str:
        """Return the English message."""
        return self.text()


class DancuError(Exception):
    """The request could not be carried out."""

    #: Stable name of the situation; by default the class name in kebab case.
    code: ClassVar[str] = "dancu-error"
    http_status: ClassVar[int] = 400
    #: True when the same request may succeed later without any change.
    retryable: ClassVar[bool] = False
    #: Seconds after which it may, where that is known.
    retry_after: ClassVar[int] = 0
    #: What the reader can do about it, as a msgid.
    remedy: str = ""

    def __init__(self, message: str = "", /, *, remedy: str = "", **params: object) -> None:
        """Keep the message (default: the docstring of the class) and the values for its places."""
        self.message = message or self.default_message()
        if remedy:
            self.remedy = remedy
        self.params = params
        super().__init__(self.message)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Derive ``code`` from the class name unless the class states one."""
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = _CAPITAL.sub("-", cls.__name__).lower()

    @classmethod
    def default_message(cls) -> str:
        """Return the first paragraph of the docstring on one line: the msgid of the class."""
        paragraph = inspect.cleandoc(cls.__doc__ or cls.code).split("\n\n", 1)[0]
        return " ".join(paragraph.split())

    @property
    def field_errors(self) -> tuple[FieldError, ...]:
        """Return the fields at fault; none unless the error is an ``Invalid``."""
        return ()

    def title(self, translate: Translate = untranslated) -> str:
        """Return the message of the class, values filled in; where they do not fit, the text."""
        title = fill(self.default_message(), self.params, translate)
        return self.text(translate) if "%(" in title else title

    def text(self, translate: Translate = untranslated) -> str:
        """Return the message in the reader's language, values filled in."""
        return fill(self.message, self.params, translate)

    def remedy_text(self, translate: Translate = untranslated) -> str:
        """Return the remedy in the reader's language; empty when there is none."""
        return fill(self.remedy, self.params, translate)

    def __str__(self) -> str:
        """Return the English message."""
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by state, since the subclasses are built from different things."""
        return _restored, (type(self), self.__dict__, self.args)


def _restored(
    kind: type[DancuError], state: dict[str, Any], args: tuple[object, ...]
) -> DancuError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = args
    return error


class Invalid(DancuError):
    """Some of the values cannot be accepted."""

    code = "invalid"
    http_status = 422
    remedy = "Correct the fields named below and send again."

    def __init__(self, errors: Iterable[FieldError], message: str = "", /) -> None:
        """Keep the field errors in the order given."""
        self.errors = tuple(errors)
        super().__init__(message)

    @property
    def field_errors(self) -> tuple[FieldError, ...]:
        """Return the fields at fault."""
        return self.errors

    def __str__(self) -> str:
        """Return the English message and every field error on one line."""
        details = "; ".join(f"{error.field}: {error}" for error in self.errors)
        return f"{self.text()} {details}".strip()


class NotFoundOrNotYours(DancuError):
    """There is no such thing, or you may not see it.

    One answer for both, so that a stranger learns nothing from a refusal.
    """

    code = "not-found"
    http_status = 404
    remedy = "Check the number or the address; ask the office in charge if you need access."


class Conflict(DancuError):
    """Somebody else changed this in the meantime."""

    code = "conflict"
    http_status = 409
    remedy = "Open it again, look at what changed, and repeat your change."


class Unavailable(DancuError):
    """The register cannot answer at the moment."""

    code = "unavailable"
    http_status = 503
    retryable = True
    remedy = "Nothing was changed. Try again in a minute."


def problem(
    error: DancuError,
    instance: str = "",
    language: str = "en",
    translate: Translate = untranslated,
) -> dict[str, Any]:
    """Return the problem details object of RFC 9457 for an error.

    ``title`` is the message of the class, ``detail`` that of this occurrence.
    Extension members: ``code``, ``retryable``, ``remedy``, ``language`` (of the texts, BCP 47) and
    ``errors``, a list of ``{field, pointer, code, detail, remedy}`` (``pointer`` as in RFC 6901).
    """
    body: dict[str, Any] = {
        "type": PROBLEM_TYPE + error.code,
        "title": error.title(translate),
        "status": error.http_status,
        "detail": error.text(translate),
        "code": error.code,
        "retryable": error.retryable,
        "language": language,
    }
    if instance:
        body["instance"] = instance
    if error.remedy:
        body["remedy"] = error.remedy_text(translate)
    if error.field_errors:
        body["errors"] = [_field_problem(item, translate) for item in error.field_errors]
    return body


def _field_problem(error: FieldError, translate: Translate) -> dict[str, str]:
    pointer = error.field.replace("~", "~0").replace("/", "~1").replace(".", "/")
    return {
        "field": error.field,
        "pointer": f"/{pointer}",
        "code": error.code,
        "detail": error.text(translate),
        "remedy": error.remedy_text(translate),
    }
