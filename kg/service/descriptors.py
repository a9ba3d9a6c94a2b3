"""What each source of a project states, as RDF; and descriptors that are put by name."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import cast
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from kg.errors import DescriptorInvalid, FormatUnknown
from kg.history import Connection, contents, projects, revisions
from kg.identifiers import project_iri
from kg.keeping.judgement import Judgement
from kg.keeping.paths import checked_path
from kg.keeping.settling import graphs_of
from kg.parsing import parse_rdf
from kg.parsing.rdf import Media, write_rdf
from kg.service.access import Role
from kg.service.artefacts import no_artefact
from kg.service.changing.changes import Change
from kg.service.engine import engine_of
from kg.service.openapi.queries import format_of, told_in
from kg.service.pages import form_of, page_or_json, sent
from kg.service.revised import CHANGING, JUDGED, Revised, about, project_to, put
from kg.service.wire.addresses import DescriptorName, ProjectId
from kg.service.wire.bodies import takes
from kg.service.wire.negotiation import PAGE, TRIPLES, Form
from kg.service.wire.uploads import media_type, spooled, unknown_type

router = APIRouter(prefix="/projects/{project}/descriptors", tags=["Descriptors"])

FOLDER = "descriptors"
"""Where descriptors stand that are put by name."""

_SUFFIXES = {
    "application/yaml": ".yaml",
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "application/json": ".json",
    "application/ld+json": ".jsonld",
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/trig": ".trig",
    "application/n-quads": ".nq",
}
_OWN = {".yaml": Form("yaml", "application/yaml", ("application/x-yaml", "text/yaml"))}
_OWN |= {".yml": _OWN[".yaml"], ".json": Form("json", "application/json")}
_FORMS = {
    **told_in(*TRIPLES, PAGE),
    **{form.names[0]: {"schema": {"description": "As it was put"}} for form in _OWN.values()},
}


class Descriptor(BaseModel):
    """What one source states: the file, how many triples, and where they are told."""

    name: str
    file: str
    triples: int
    address: str


class Descriptors(BaseModel):
    """The sources of the current revision that state something, in the order of their paths."""

    project: str
    revision: int
    descriptors: list[Descriptor]


@router.get("", summary="What states something in a project", response_model=Descriptors)
def list_descriptors(request: Request, project: ProjectId) -> Response:
    """The sources of its current revision from which something was read."""
    keeper = project_to(request, project, Role.READER)
    base = engine_of(request).settings.base
    with keeper.history.reading() as connection:
        one = projects.get(connection, project)
        files = revisions.files(connection, project, one.revision)
        graphs = _graphs(connection, project, one.revision)
    here = f"/projects/{project}/descriptors"
    listed = []
    for path in files:
        names = _names(base, project, path)
        count = sum(len(graphs.get(name, ())) for name in names)
        if count:
            address = f"{here}/{quote(path)}"
            listed.append(Descriptor(name=_called(path), file=path, triples=count, address=address))
    record = Descriptors(project=project, revision=one.revision, descriptors=listed)
    return page_or_json(request, record)


@router.get(
    "/{name:path}",
    summary="What a source states",
    response_class=Response,
    responses={200: {"content": _FORMS}},
    openapi_extra={"parameters": [format_of(_OWN.values(), TRIPLES, (PAGE,))]},
)
def read_descriptor(request: Request, project: ProjectId, name: DescriptorName) -> Response:
    """A descriptor as it was put, or what it states in a syntax of RDF, by `Accept` or `format`;
    `name` is that it was put by, or the path of any source of the project.
    """
    keeper = project_to(request, project, Role.READER)
    with keeper.history.reading() as connection:
        one = projects.get(connection, project)
        files = revisions.files(connection, project, one.revision)
        path = _path(files, name)
        if path is None:
            raise no_artefact(project, name)
        own = _OWN.get(PurePosixPath(path).suffix)
        form = form_of(request, (*([own] if own else []), *TRIPLES, PAGE))
        if form is own:
            return sent(request, contents.content(connection, files[path]), form)
        graphs = _graphs(connection, project, one.revision)
    base = engine_of(request).settings.base
    lines = sorted(set().union(*(graphs.get(one, ()) for one in _names(base, project, path))))
    if form is PAGE:
        said = {"project": project, "file": path, "digest": files[path], "triples": lines}
        return page_or_json(request, said, forms=(*([own] if own else []), *TRIPLES))
    triples = [quad.triple for quad in parse_rdf("\n".join(lines).encode(), "ntriples", base)]
    return sent(request, write_rdf(triples, cast("Media", form.name)), form)


@router.put(
    "/{name}",
    summary="Put a descriptor",
    response_model=Revised,
    status_code=HTTPStatus.CREATED,
    responses=JUDGED,
    openapi_extra=CHANGING | takes(*_SUFFIXES),
)
async def put_descriptor(request: Request, project: ProjectId, name: DescriptorName) -> Response:
    """Adds a descriptor, or replaces the one of that name, and judges the project. One from which
    nothing can be read is refused, and nothing is changed.
    """
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    suffix = _SUFFIXES.get(media_type(request))
    if suffix is None:
        raise unknown_type(
            media_type(request)[:80] or "A body without a type", f"one of {', '.join(_SUFFIXES)}"
        )
    path = checked_path(f"{FOLDER}/{name}{suffix}")
    others = tuple(f"{FOLDER}/{name}{other}" for other in _all_suffixes() if other != suffix)
    async with keeper.folder() as folder:
        await spooled(request, folder / "file")
        change = Change({path: folder / "file"}, instead_of=others)
        said = about(request, f"descriptor {name}", path=path)
        return await put(request, project, change, said, check=_refusing(path))


@router.delete(
    "/{name:path}",
    summary="Remove a descriptor",
    response_model=Revised,
    responses=JUDGED,
    openapi_extra=CHANGING,
)
async def remove_descriptor(request: Request, project: ProjectId, name: DescriptorName) -> Response:
    """Removes the descriptor of that name, or the source of that path, and judges the project."""
    keeper = project_to(request, project, Role.CONTRIBUTOR)
    with keeper.history.reading() as connection:
        one = projects.get(connection, project)
        path = _path(revisions.files(connection, project, one.revision), name)
    if path is None:
        raise no_artefact(project, name)
    said = about(request, f"without {path}", path=path)
    return await put(request, project, Change(gone=(path,)), said)


def _refusing(path: str) -> Callable[[Judgement], None]:
    """Refuses what is put if nothing could be read from it."""

    def check(judged: Judgement) -> None:
        if path in judged.read:
            return
        told = next((one for one in judged.report.problems if one.file == path), None)
        if told is None:
            raise FormatUnknown(
                "Nothing is stated in it",
                "Say what it describes, as in `element: TrainedModel`, and state something of it",
                file=path,
            )
        raise DescriptorInvalid(told.message, "", line=told.line, file=path)

    return check


def _graphs(connection: Connection, project: str, revision: int) -> dict[str, set[str]]:
    return graphs_of(revisions.graphs(connection, project, revision)) if revision else {}


def _names(base: str, project: str, path: str) -> tuple[str, ...]:
    """The graphs of what a source states, what is observed in it, and what follows from it."""
    name = f"{project_iri(base, project)}/descriptors/{quote(path)}"
    return name, f"{name}#observed", f"{name}#inferred"


def _path(files: Mapping[str, str], name: str) -> str | None:
    """The file that is meant by a name or a path."""
    short = (f"{FOLDER}/{name}{suffix}" for suffix in _all_suffixes())
    return next((path for path in (name, *short) if path in files), None)


def _called(path: str) -> str:
    """The name that a descriptor can be put by; the path of another source."""
    file = PurePosixPath(path)
    own = str(file.parent) == FOLDER and file.suffix in _all_suffixes()
    return file.stem if own else path


def _all_suffixes() -> tuple[str, ...]:
    return (*dict.fromkeys(_SUFFIXES.values()), ".yml")
