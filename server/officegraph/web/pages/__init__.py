"""Pages for people: models that say what a page shows, and the functions that render them.

The functions take what they need as arguments and return a string; they know nothing of Flask, requests or the
engine. Everything a page links to comes from the :class:`~officegraph.web.pages.site.Site` it is given.
"""

from __future__ import annotations

from officegraph.web.pages.dumps import DumpFile, render_dumps
from officegraph.web.pages.examples import Example, read_examples
from officegraph.web.pages.home import HomeContent, SchemeSummary, render_home
from officegraph.web.pages.problems import render_problem
from officegraph.web.pages.resource import render_description, render_resource
from officegraph.web.pages.results import Results, read_results
from officegraph.web.pages.site import Site
from officegraph.web.pages.sparql import QueryError, QueryForm, render_form, render_result

__all__ = [
    "DumpFile",
    "Example",
    "HomeContent",
    "QueryError",
    "QueryForm",
    "Results",
    "SchemeSummary",
    "Site",
    "read_examples",
    "read_results",
    "render_description",
    "render_dumps",
    "render_form",
    "render_home",
    "render_problem",
    "render_resource",
    "render_result",
]
