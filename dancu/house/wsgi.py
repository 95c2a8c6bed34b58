"""The WSGI entrance that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
os.environ.setdefault("DANCU_PROCESS", "web")
application = get_wsgi_application()
