from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_invitation_mail_due"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="progresschange",
            name="progress_change_as_of",
        ),
        migrations.AddIndex(
            model_name="progresschange",
            index=models.Index(
                fields=["milestone", "field", "-week", "-id"], name="progress_change_as_of"
            ),
        ),
    ]
