from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "dancu.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show in the metrics how the feed stands."""
        from dancu.exchange.feed import gauges

        gauges.install()
