"""What needs somebody on the dashboard. Each module imports only those before it in this list.

``rows`` (a row and its verb), ``project_rows`` and ``team_rows`` (what each kind says, of projects
and of the team), ``groups`` (the kinds as one list).
"""
