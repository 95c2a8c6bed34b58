from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "dancu.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the access records sealed."""
        from dancu.disclosure.internal import sealing

        sealing.register_source()
