from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0007_digest_choices'),
        ('reports', '0007_published_together'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['edition'], name='delivery_failed'),
        ),
    ]
