"""Finding for whom an agency waits without reading what it asked of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0009_tried_values")]

    operations = [
        migrations.AddIndex(
            model_name="accessrecord",
            index=models.Index(
                fields=["person_id", "at"],
                name="access_awaiting",
                condition=models.Q(kind=14) | models.Q(kind=13, attributes__0__lt=0),
            ),
        ),
    ]
