from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_check_in_and_set_up'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='mail_due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('mail_due_at', None), _negated=True), fields=['mail_due_at'], name='invitation_mail_due'),
        ),
    ]
