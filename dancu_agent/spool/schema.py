"""The spool's file: opened safely, with clear words when that fails."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dancu_agent.errors import AgentError, Problem, SpoolFull
from dancu_agent.texts import msg

VERSION = 1
BUSY_SECONDS = 30.0
_OUT_OF_ROOM = 507
_BROKEN = 500

# A disk that is full is also told as a failure to write or to lengthen the shared index.
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS question (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('verification', 'lookup')),
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    user TEXT NOT NULL,
    key TEXT UNIQUE,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'sending', 'held', 'answered', 'refused')),
    asked_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try REAL NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '',
    lease_until REAL NOT NULL DEFAULT 0,
    sent_at REAL,
    round INTEGER NOT NULL DEFAULT 0,
    signed INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    closed_at REAL,
    answer TEXT,
    CHECK ((state = 'answered') = (answer IS NOT NULL)),
    CHECK ((state IN ('answered', 'refused')) = (closed_at IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS question_state ON question (state, seq, next_try);
CREATE INDEX IF NOT EXISTS question_closed ON question (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS question_file ON question (file, line);
CREATE INDEX IF NOT EXISTS question_count ON question (file, state, asked_at);
CREATE TABLE IF NOT EXISTS link (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    since REAL, failures INTEGER NOT NULL, until REAL NOT NULL, problem TEXT,
    asked_for INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the spool; made when it is not there, readable by its owner only.

    WAL lets readers and one writer work at once, ``synchronous=FULL`` keeps what was committed
    through a power failure, ``secure_delete`` overwrites what is deleted.
    """
    with telling(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        database.row_factory = sqlite3.Row
        try:
            database.execute("PRAGMA journal_mode=WAL").fetchone()
            database.execute("PRAGMA synchronous=FULL")
            database.execute("PRAGMA secure_delete=ON").fetchone()
            _prepare(database, path)
        except BaseException:
            database.close()
            raise
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise AgentError(
            Problem(
                "spool-newer",
                msg("The spool %(path)s was made by a newer dancu-agent."),
                "",
                msg("install that version again; the questions in it are kept"),
                params={"path": str(path)},
            )
        )
    if found < VERSION:
        # Every statement is harmless the second time: two processes may begin at once.
        database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into what the user can do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _told(path, error) from None
    except OSError as error:
        raise _problem(path, error.strerror or str(error)) from None


def _told(path: Path, error: sqlite3.Error) -> AgentError:
    if getattr(error, "sqlite_errorcode", None) in _FULL:
        return SpoolFull(
            Problem(
                "disk-full",
                msg("The disk that holds the spool %(path)s is full."),
                msg("Nothing that was accepted before is lost; this was not accepted."),
                msg("make room on the disk, then do the same again"),
                params={"path": str(path)},
            ),
            http_status=_OUT_OF_ROOM,
        )
    return _problem(path, str(error))


def _problem(path: Path, reason: str) -> AgentError:
    return AgentError(
        Problem(
            "spool",
            msg("The spool %(path)s cannot be used: %(reason)s."),
            "",
            msg(
                "check the rights on its folder and the disk; a damaged file is kept as it is, "
                "move it aside and send its questions again"
            ),
            params={"path": str(path), "reason": reason},
        ),
        http_status=_BROKEN,
    )
