"""The client that an agency installs to ask the exchange: ``dancu-agent``.

It keeps every question on disk before it sends it, so that neither a broken link nor a killed
process loses one, and sends each with a key of its own, so that the exchange never counts one
twice. It knows nothing of the register's code and needs only Python and ``cryptography``.

::

    cli, service      what people and the agency's software talk to
      courier         takes questions from the spool, sends them, waits when the link is broken
        spool         SQLite on disk: questions, answers, the state of the link
        exchange      the API of the exchange: what came back, and what that means
          credential  short tokens by a signed assertion (RFC 7523)
          link        one HTTP connection, and where exactly it broke
"""

from __future__ import annotations

VERSION = "1.0"
