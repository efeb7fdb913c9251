from django.db import migrations, models


class Migration(migrations.Migration):
    """Who is a member already knows the way: only new members are shown their first steps."""

    dependencies = [
        ('projects', '0015_comments'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='shows_first_steps',
            field=models.BooleanField(default=False, verbose_name='first steps shown'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='shows_first_steps',
            field=models.BooleanField(default=True, verbose_name='first steps shown'),
        ),
    ]
