"""Who has left a contract's area, and by which move."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_take_leaves_durability")]

    operations = [
        migrations.AddField(
            model_name="feedevent",
            name="leaves",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="subscription",
            name="is_away",
            field=models.BooleanField(default=False),
        ),
    ]
