"""The template tags of ``{% load design %}``, by kind of element."""

from __future__ import annotations

from django.template import Library

register = Library()
