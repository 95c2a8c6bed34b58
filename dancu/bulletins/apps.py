from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "dancu.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"
