from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "dancu.operation"
    label = "operation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show the database in the metrics."""
        from dancu.operation import gauges

        gauges.install()
