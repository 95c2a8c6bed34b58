"""Taking from the quota no longer decides how durable the caller's transaction is.

Batches take in the transaction that writes access records, which has to be on disk before anybody
is answered.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

_HASTY = import_module("dancu.exchange.migrations.0001_contracts_and_usage").TAKE.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
_CALM = _HASTY.replace("    PERFORM set_config('synchronous_commit', 'off', true);\n", "")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_feed")]

    operations = [migrations.RunSQL(_CALM, _HASTY)]
