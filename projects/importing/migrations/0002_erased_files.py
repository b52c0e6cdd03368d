import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import khuyencong.fields


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="erase_reason",
            field=khuyencong.fields.KeptLine(blank=True, max_length=300, verbose_name="lý do xóa tệp gốc"),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="xóa tệp gốc lúc"),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="erased_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người xóa tệp gốc",
            ),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="answers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="layout",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="sheets",
            field=models.JSONField(blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
    ]
