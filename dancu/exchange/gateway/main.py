"""The RSGI entrance that Granian loads."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
os.environ.setdefault("DANCU_PROCESS", "exchange")
django.setup()
application = import_module("dancu.exchange.gateway.serving").Gateway()
