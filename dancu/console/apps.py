from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "dancu.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the style sheets of this face to those of the elements."""
        from dancu.design import bundle

        bundle.add("console/css/bulletins.css")
