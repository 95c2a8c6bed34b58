"""The RSGI entrance that Granian loads."""

import os
import signal
from importlib import import_module

import django

# A process that the server forks keeps the server's handler until it serves itself: told to stop
# while it still loads, it would not hear it.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
os.environ.setdefault("DANCU_PROCESS", "exchange")
django.setup()
application = import_module("dancu.exchange.gateway.serving").Gateway()
