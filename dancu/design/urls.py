"""The styleguide; the house includes it only where pages are developed or tested."""

from __future__ import annotations

from django.urls import path

from dancu.design import views

app_name = "design"
urlpatterns = [
    path("", views.styleguide, name="styleguide"),
    path("citizen/", views.styleguide, {"face": "portal"}, name="styleguide-citizen"),
    path("sign-in/", views.styleguide, {"face": "plain"}, name="styleguide-plain"),
    path("error/", views.error, name="styleguide-error"),
    path("dialog/", views.dialog, name="styleguide-dialog"),
    path("beside/", views.beside, name="styleguide-beside"),
    path("progress/<int:done>/", views.progress, name="styleguide-progress"),
]
