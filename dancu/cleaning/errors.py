"""What can be wrong with the cleaning of a file."""

from __future__ import annotations

from dancu.kernel.errors import Conflict, DancuError, NotFoundOrNotYours


class CleaningError(DancuError):
    """The file could not be cleaned."""

    http_status = 422


class UnknownKind(CleaningError):
    """“%(kind)s” is no kind of change."""

    remedy = "Choose among: all, sure, %(known)s."


class BadRecipe(CleaningError):
    """The recipe cannot be used: it is damaged, was changed, or is of another version."""

    remedy = "Take the file NAME.recipe.json that a former cleaning wrote, unchanged."


class RecipeFitsNot(CleaningError):
    """The recipe is of a file with other columns: none of its titles is in this file."""

    remedy = "Check that it is next month's file of the same kind, or clean it without the recipe."


class FileChanged(CleaningError):
    """The file was changed while it was being cleaned; nothing was written."""

    remedy = "Close it in other programs and begin again."


class OtherFileUnfit(CleaningError):
    """The second file is no list of people that can be read, or has no column with names."""

    remedy = "Give its columns titles such as “Họ và tên”, or send the first file in alone."


class FileGone(NotFoundOrNotYours):
    """There is no such file, or it is another office's."""

    remedy = "Open the list of files; those that were kept long enough are deleted."


class FileForgotten(Conflict):
    """This file has been deleted, as promised; only its figures are left."""

    remedy = "Send the file in again."


class NotReady(Conflict):
    """The file is still being read."""

    remedy = "Wait until the bar is full."


class Unforeseen(CleaningError):
    """Something unforeseen stopped the work; the file is kept as it is."""

    remedy = "Go on. If it stops again, tell those who run the platform: their log says why."
