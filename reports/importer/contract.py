"""``import_weekly --json``: a parsed page as plain values, described in README.md. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.importer.page import IncidentRead, KeyResultRead, Measured, ParsedPage, ProjectMention


def as_json(page: ParsedPage) -> dict[str, Any]:
    """One object a page; numbers are JSON numbers, dates ISO 8601, lines those of the source."""
    return {
        "source": page.source.name,
        "week": {
            "label": page.week.label,
            "start": page.week.start.isoformat(),
            "warnings": list(page.week.warnings),
        },
        "objectives": [{"code": o.code, "name": o.name, "line": o.line} for o in page.objectives],
        "projects": [
            {"name": p.name, "objective": p.code, "focus": p.is_focus, "line": p.line}
            for p in page.projects
        ],
        "progress": [
            _progress(p, index) for p in page.projects for index in range(len(p.progress))
        ],
        "dates": [_date(p, index) for p in page.projects for index in range(len(p.dates))],
        "metrics": [_metric(m, None) for m in page.metrics]
        + [_metric(m, p.name) for p in page.projects for m in p.readings],
        "incident_counts": {c.severity: _number(c.count) for c in page.counts},
        "incidents": [_incident(incident) for incident in page.incidents],
        "key_results": [_key_result(result) for result in page.key_results],
        "other": list(page.other),
        "next_goals": [{"text": g.text, "line": g.line} for g in page.goals],
        "reflection": page.reflection,
        "unread": [
            {"line": u.line, "text": u.text, "numbers": u.numbers, "dates": u.dates}
            for u in page.unread
        ],
        "unplaced": [{"line": line, "text": text} for line, text in page.unplaced],
    }


def _progress(project: ProjectMention, index: int) -> dict[str, Any]:
    progress = project.progress[index]
    return {
        "project": project.name,
        "label": f"{progress.part}{progress.label}",
        "percent": float(progress.percent),
        "line": progress.line,
    }


def _date(project: ProjectMention, index: int) -> dict[str, Any]:
    mention = project.dates[index]
    return {
        "project": project.name,
        "text": mention.text,
        "date": mention.date.isoformat(),
        "precision": mention.precision.value,
        "kind": mention.kind.value,
        "line": mention.line,
    }


def _incident(incident: IncidentRead) -> dict[str, Any]:
    recovered_at = incident.recovered_at
    return {
        "occurred_at": incident.occurred_at.isoformat(timespec="minutes"),
        "detected_by": incident.detected_by,
        "severity": incident.severity,
        "description": incident.description,
        "cause": incident.cause,
        "resolution": incident.resolution,
        "recovered_at": recovered_at.isoformat(timespec="minutes") if recovered_at else None,
        "line": incident.line,
    }


def _key_result(result: KeyResultRead) -> dict[str, Any]:
    return {
        "objective": result.objective or None,
        "code": result.code,
        "text": result.text,
        "percent": None if result.percent is None else float(result.percent),
        "score": None if result.score is None else float(result.score),
        "line": result.line,
    }


def _metric(measured: Measured, project: str | None) -> dict[str, Any]:
    return {
        "name": measured.name,
        "value": _number(measured.value),
        "unit": measured.unit,
        "note": measured.note,
        "project": project,
        "line": measured.line,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
