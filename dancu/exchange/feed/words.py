"""Why an address is not called, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

_WRONG = {
    "https": (
        _("Events about people are sent encrypted only."),
        _("Give an address that begins with https://."),
    ),
    "network": (
        _("This address lies in a private or local network."),
        _("Give a public address. In a closed network its operator has to allow it."),
    ),
}
_FORM = (
    _("This is no address that events can be sent to."),
    _("Write https://, a host name and a path, without user name and without #."),
)


def address_problem(code: str) -> tuple[str, str]:
    """Return what is wrong with an address, and what to do."""
    return _WRONG.get(code, _FORM)
