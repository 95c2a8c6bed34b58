"""The room of the workbench."""

from __future__ import annotations

from django.apps import AppConfig


class CleaningConfig(AppConfig):
    """Files that an agency cleans for itself; nobody of the register is read or changed."""

    name = "dancu.cleaning"
    label = "cleaning"
    default_auto_field = "django.db.models.BigAutoField"
