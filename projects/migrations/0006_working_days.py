import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_progress_change_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("is_working", models.BooleanField(verbose_name="working day")),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="note")),
            ],
            options={
                "verbose_name": "exception of the calendar",
                "verbose_name_plural": "exceptions of the calendar",
                "ordering": ("day",),
            },
        ),
        migrations.AddField(
            model_name="team",
            name="calendar",
            field=models.CharField(
                choices=[
                    ("china", "China: public holidays and make-up days"),
                    ("weekdays", "Monday to Friday, without holidays"),
                ],
                default="china",
                max_length=10,
                verbose_name="working days",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="idle_week",
            field=models.CharField(
                choices=[
                    ("skip", "Skip it: nobody is asked for an update"),
                    ("merge", "Merge it: it closes together with the next week"),
                ],
                default="skip",
                max_length=10,
                verbose_name="week without a working day",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("calendar__in", ["china", "weekdays"])),
                name="team_calendar_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("idle_week__in", ["skip", "merge"])),
                name="team_idle_week_known",
            ),
        ),
        migrations.AddField(
            model_name="dayexception",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="day_exceptions",
                to="projects.team",
                verbose_name="team",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayexception",
            constraint=models.UniqueConstraint(
                models.F("team"), models.F("day"), name="day_exception_once_per_day"
            ),
        ),
    ]
