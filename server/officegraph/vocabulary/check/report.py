"""Findings for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from officegraph.vocabulary.check.codes import CODES, Severity
from officegraph.vocabulary.check.finding import Finding

SHOWN: Final = 20
"""Findings of one kind that a report lists before it only counts."""


def report_text(findings: Sequence[Finding], *, shown: int | None = SHOWN) -> str:
    """Return ``findings`` as text: grouped by kind, the gravest first, with a closing line that counts.

    Args:
        findings: What the check found.
        shown: Findings of one kind that are listed in full; ``None`` lists all.
    """
    groups: dict[tuple[int, str], list[Finding]] = {}
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    places = list(CODES)
    for finding in findings:
        groups.setdefault((ranks[finding.severity], finding.code), []).append(finding)
    lines: list[str] = []
    for (rank, code), members in sorted(groups.items(), key=lambda item: (item[0][0], places.index(item[0][1]))):
        kind = CODES[code]
        count = f" ({len(members)})" if len(members) > 1 else ""
        lines.append(f"{list(Severity)[rank]} {code}{count}: {kind.title}. {kind.remedy}")
        listed = members if shown is None else members[:shown]
        lines += [f"  {_located(finding)}" for finding in listed]
        if len(listed) < len(members):
            lines.append(f"  … and {len(members) - len(listed)} more")
        lines.append("")
    counts = Counter(finding.severity for finding in findings)
    said = [_counted(counts[severity], severity) for severity in Severity if counts[severity]]
    lines.append(", ".join(said) if said else "No findings.")
    return "\n".join(lines)


def _located(finding: Finding) -> str:
    return f"{finding.file}: {finding.message}" if finding.file else finding.message


def _counted(count: int, severity: Severity) -> str:
    plural = "" if count == 1 else "s"
    return f"{count} note{plural}" if severity == Severity.INFO else f"{count} {severity}{plural}"
