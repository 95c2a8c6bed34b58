"""Who withdrew an exception to the quota, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_leaving")]

    operations = [
        migrations.AddField(
            model_name="approvedexception",
            name="withdrawn_by",
            field=models.CharField(db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="approvedexception",
            name="withdrawn_reason",
            field=models.TextField(db_default=""),
        ),
    ]
