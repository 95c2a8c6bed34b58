from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0007_extracts_checked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessrecord",
            name="kind",
            field=models.SmallIntegerField(
                choices=[
                    (1, "Look"),
                    (2, "Search"),
                    (3, "Presented"),
                    (4, "Reveal"),
                    (5, "Relative"),
                    (6, "Own"),
                    (7, "Own Household"),
                    (8, "Audit"),
                    (9, "Case Opened"),
                    (10, "Case Closed"),
                    (11, "Change"),
                    (12, "Print"),
                    (13, "Verify"),
                    (14, "Lookup"),
                    (15, "Extract Checked"),
                    (16, "Follow"),
                    (17, "Told"),
                ]
            ),
        ),
    ]
