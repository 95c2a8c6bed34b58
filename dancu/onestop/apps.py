from django.apps import AppConfig


class OneStopConfig(AppConfig):
    name = "dancu.onestop"
    label = "onestop"
    default_auto_field = "django.db.models.BigAutoField"
