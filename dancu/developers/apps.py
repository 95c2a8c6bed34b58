from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    name = "dancu.developers"
    label = "developers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the style sheet of this face to those of the elements."""
        from dancu.design import bundle

        bundle.add("developers/css/developers.css")
