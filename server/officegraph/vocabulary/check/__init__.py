"""Validation of a vocabulary: SKOS integrity, quality, and SHACL shapes, as findings with stable codes."""

from officegraph.vocabulary.check.codes import CODES, Code, Severity
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.report import report_text
from officegraph.vocabulary.check.run import check, check_sources

__all__ = ["CODES", "Code", "Finding", "Severity", "check", "check_sources", "report_text"]
