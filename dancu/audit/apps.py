from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dancu.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the log of events sealed, and show the state of the seal in the metrics."""
        from dancu.audit import gauges
        from dancu.audit.internal import events

        events.register_source()
        gauges.install()
