from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dancu.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the style sheets of this face to those of the elements."""
        from dancu.design import bundle

        bundle.add("portal/css/tasks.css", "portal/css/lines.css")
