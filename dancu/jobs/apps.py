"""The room of background jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dancu.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show the queue in the metrics."""
        from dancu.jobs import gauges

        gauges.install()
