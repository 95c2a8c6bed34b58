"""What the platform remembers about itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SetupMark(models.Model):
    """A long step of the first start: whether it was begun and whether it came to its end."""

    class State(models.TextChoices):
        BEGUN = "begun"
        DONE = "done"

    name = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=8, choices=State.choices)
    detail = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="setup_mark_is_done_when_it_has_an_end",
                condition=models.Q(state="begun", done_at__isnull=True)
                | models.Q(state="done", done_at__isnull=False),
            )
        ]
