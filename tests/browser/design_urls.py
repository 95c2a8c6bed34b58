"""The addresses of the styleguide, with those of the house."""

from __future__ import annotations

from django.urls import include, path

from dancu.house import urls as house

urlpatterns = [path("design/", include("dancu.design.urls")), *house.urlpatterns]
handler400 = house.handler400
handler403 = house.handler403
handler404 = house.handler404
handler500 = house.handler500
