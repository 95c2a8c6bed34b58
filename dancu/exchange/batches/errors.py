"""What can be wrong with a batch as a whole; what is wrong with a row is a fault of that row."""

from __future__ import annotations

from dancu.kernel.errors import Conflict, DancuError, NotFoundOrNotYours


class UnreadableTable(DancuError):
    """The file cannot be read: %(why)s."""

    http_status = 422
    remedy = "Save it again as XLSX or as CSV in UTF-8, and check that it was copied whole."


class NotATable(UnreadableTable):
    """This is neither CSV nor a spreadsheet nor Parquet, or it was damaged or cut."""

    remedy = "Open it in a spreadsheet, save it again as XLSX, and copy it whole."


class LockedWorkbook(UnreadableTable):
    """The spreadsheet is protected by a password."""

    remedy = "Take the password off and save it again."


class TooLarge(UnreadableTable):
    """The file is too large: it has %(size)s MB, at most %(most)s MB can be read."""

    http_status = 413
    remedy = "Split it into several files, or save the spreadsheet as CSV, which is smaller."


class TooManyCells(UnreadableTable):
    """The cells of the spreadsheet lie too far apart, or are too many, to be opened."""

    http_status = 413
    remedy = "Delete what stands far from the table, or save the sheet as CSV."


class TooManySheets(UnreadableTable):
    """The spreadsheet has more than %(most)s sheets."""

    remedy = "Keep only the sheets with the people, or split it into several files."


class TooManyRows(UnreadableTable):
    """The file has more than %(most)s rows."""

    remedy = "Split it into several files."


class TooManyColumns(UnreadableTable):
    """The file has more than %(most)s columns."""

    remedy = "Leave out the columns that need no verification."


class NoRows(UnreadableTable):
    """The file has no row to verify."""

    remedy = "Check that this is the right file and that it was copied whole."


class NothingToAsk(DancuError):
    """The columns do not say who the people are."""

    http_status = 422
    remedy = "Two of these are needed: personal identification number, full name, date of birth."


class MeaningTwice(DancuError):
    """Two columns both mean “%(meaning)s”."""

    http_status = 422
    remedy = "Leave one of them out."


class MeaningUnknown(DancuError):
    """“%(meaning)s” is nothing that a column can mean under this contract."""

    http_status = 422
    remedy = "Choose among: %(known)s."


class TooManyWaiting(DancuError):
    """Of a client of the sandbox, at most %(most)s files wait at a time."""

    http_status = 429
    retryable = True
    remedy = "Wait until one of them is answered, or stop one."


class BatchGone(NotFoundOrNotYours):
    """There is no such batch, or it is not yours."""

    remedy = "Check the reference that you were given when you sent the file."


class NotConfirmed(Conflict):
    """Nobody has said yet what the columns of this batch mean."""

    remedy = "Confirm the columns first."


class FileForgotten(Conflict):
    """The questions of this batch have been deleted, as promised; only its counts are left."""

    remedy = "Send the file in again if you need the answers once more."


class BatchEnded(Conflict):
    """This batch has ended; nothing is left to be stopped or resumed."""

    remedy = "Fetch its answers, or send in a new file."


class AnotherWorker(Conflict):
    """Another worker has answered these rows in the meantime."""


class NotWaiting(Conflict):
    """This batch was stopped in the meantime."""


class ProcessDied(DancuError):
    """A process that compared rows was killed, perhaps because memory ran out."""

    http_status = 503
    retryable = True
    remedy = (
        "What was answered is kept. The worker of “dancu up” goes on with the rest; then fetch the"
        " answers with “dancu verify --fetch”."
    )


class DayIsShort(Exception):
    """Others took what the day had left between planning and asking; never leaves this package."""

    def __init__(self, left: int) -> None:
        """Keep how many records are left."""
        self.left = left
        super().__init__(left)
