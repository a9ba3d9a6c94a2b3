"""What all pages share: one environment that fills templates, a base page and its style.

A page is a template that extends `page.html.jinja`. It is one file, runs no script and fetches
nothing. What comes from outside is text wherever it stands: the environment makes it visible and
escapes it, so no expression of a template can forget to.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.visible import flowing, visible

_SHARED = Path(__file__).parent / "templates"


def environment(
    templates: Path, *words: Callable[..., Any], **filters: Callable[..., Any]
) -> Environment:
    """The environment for the templates of a folder, which may extend and include the shared ones.

    Templates call `words` by their names, and use `filters` by theirs.
    """
    made = Environment(
        loader=FileSystemLoader([templates, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plainly,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"flowing": flowing, **filters}
    made.globals |= {function.__name__: function for function in words}
    return made


def renderer(
    template: Path, *words: Callable[..., Any], **filters: Callable[..., Any]
) -> Callable[..., str]:
    """What fills one template, given the values that it names."""
    return environment(template.parent, *words, **filters).get_template(template.name).render


def _plainly(value: object) -> object:
    """Text with what nobody can see spelled out; markup of the template's own stays as it is."""
    return visible(value) if type(value) is str else value
