"""The WSGI entrance that the web server loads."""

import os
import signal

from django.core.wsgi import get_wsgi_application

# A process that the server forks keeps the server's handler until it serves itself: told to stop
# while it still loads, it would not hear it.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
os.environ.setdefault("DANCU_PROCESS", "web")
application = get_wsgi_application()
