import dancu.places.models
import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import uuid
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('parts', models.JSONField(default=dict)),
                ('unit_code', models.CharField(blank=True, default='', max_length=20)),
                ('code_date', models.DateField()),
                ('unit_now', models.CharField(blank=True, default='', max_length=20)),
                ('unit_now_is_sure', models.BooleanField(default=False)),
                ('folded', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['unit_now'], name='places_address_unit_now'), models.Index(fields=['unit_code', 'code_date'], name='places_address_unit'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('folded', config='simple'), name='places_address_words')],
            },
        ),
        migrations.CreateModel(
            name='MapVersion',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='places_mapversion_single')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('level', models.CharField(choices=[('province', 'Province'), ('district', 'District'), ('commune', 'Commune'), ('neighbourhood', 'Neighbourhood')], max_length=16)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=16)),
                ('parent_code', models.CharField(blank=True, default='', max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('sort_key', models.BinaryField()),
                ('folded', models.CharField(max_length=160)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('area_km2', models.FloatField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['parent_code'], name='places_unit_parent')],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='places_unit_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='places_unit_period'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('level', '='), ('code', '='), (dancu.places.models.DateRange('valid_from', 'valid_to'), '&&')], name='places_unit_no_overlap')],
            },
        ),
        migrations.CreateModel(
            name='UnitSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('is_default', models.BooleanField()),
                ('share', models.FloatField(blank=True, null=True)),
                ('cross_check', models.CharField(blank=True, default='', max_length=16)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='places.unit')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='places.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor', 'on'), name='places_succession_once'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('predecessor', 'on'), name='places_succession_one_default')],
            },
        ),
    ]
