"""What the description of the API says in words, and the order in which it tells of resources."""

from collections.abc import Mapping

DESCRIPTION = """
Projects are put here as files and descriptors; each put is judged at once, and makes a revision.
Findings tell which assumptions of their parts do not meet, with the statements that show it.
Questions and SPARQL are asked across all projects that the caller may see.

One resource has one address. Programs get JSON there, browsers a page, and others what they name in
`Accept` or, where there are several formats, in `format`. Errors are `application/problem+json`,
and say what is wrong and what to do next. Lists are told page by page: `next`, and the header
`Link`, lead to what follows. What is read has an `ETag`, and is not sent again to who names it in
`If-None-Match`.
"""

TAGS: Mapping[str, str] = {
    "Start": "Where everything is.",
    "Projects": "The projects that are kept.",
    "Artefacts": "The files of a project; whoever puts some makes a revision, judged at once.",
    "Descriptors": "What each source of a project states, and descriptors that are put by name.",
    "Findings": "What was found, in one project or in all; waivers, comments, what got worse.",
    "Revisions": "What a project was: who made it so, when, of what, and how it differs.",
    "Questions": "Questions that somebody saved, each with its parameters, as a path that answers.",
    "SPARQL": "Queries and updates by the SPARQL 1.1 Protocol; queries that run can be cancelled.",
    "Graphs": "Graphs by the SPARQL 1.1 Graph Store HTTP Protocol.",
    "Knowledge": "Terms, mismatches and predicates, their gaps, and what is derived of them.",
    "Feeds": "New violations, as Atom.",
    "Webhooks": "Addresses that are told of what revisions bring.",
    "Access": "Tokens, and roles in projects.",
    "Operations": "For those who run the service.",
}
"""What each group of resources is, in the order in which they are told."""

OF_PROJECTS = TAGS.keys() - {"Start", "SPARQL", "Graphs", "Operations"}
"""Those that are not there where graphs alone are served."""
