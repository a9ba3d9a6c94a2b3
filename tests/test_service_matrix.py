"""Every path of the service, by every method, as everybody, of every kind of project: only who may
is let in. What is expected stands in `cases/access/matrix.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.granting import MINE, MISSING, ROLES, SHOWN, THEIRS, Governed, governed

TABLE = Path(__file__).parent / "cases" / "access" / "matrix.toml"
RULES = ("anyone", "known", "own", "creator", "operator", *ROLES, "new")
QUESTIONS = ("/questions/<each>", "GET")
NAMES = {file.stem for file in Path("queries/questions").glob("*.rq")}
PEOPLE = ("anonymous", "stranger", *ROLES, "maintainer, to read", "operator")
DEAD = ("revoked", "expired")
PASSED, HIDDEN = "is let in", "is told that there is no such project"
NONE = "is told that there is none"
UNKNOWN, REFUSED = "is asked for a token", "is refused"
LACKING = """matrix.toml says nothing of {method} {path}. Add, with one of {rules}:

["{path}"]
{method} = "…"
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    with governed(tmp_path_factory.mktemp("matrix")) as service:
        yield service


@pytest.fixture(scope="module")
def operations(service: Governed) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    paths = service.client.get("/openapi.json").json()["paths"]
    return {
        (path, method.upper()): told for path, one in paths.items() for method, told in one.items()
    }


@pytest.fixture(scope="module")
def table(operations: Mapping[tuple[str, str], Any]) -> Mapping[tuple[str, str], Mapping[str, str]]:
    text = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    lines = {
        (path, method): {"rule": line} if isinstance(line, str) else line
        for path, lines in text.items()
        for method, line in lines.items()
    }
    # Saved questions are files, each a path of its own, and no two differ in who may ask them.
    each = {one: lines[QUESTIONS] for one in operations if one not in lines and _is_question(one)}
    return {**{one: line for one, line in lines.items() if one != QUESTIONS}, **each}


def _is_question(operation: tuple[str, str]) -> bool:
    path, method = operation
    return method == "GET" and path.removeprefix("/questions/") in NAMES


def test_each_path_and_method_has_a_line_in_the_table(
    operations: Mapping[tuple[str, str], Any],
    table: Mapping[tuple[str, str], Mapping[str, str]],
) -> None:
    lacking = [
        LACKING.format(path=path, method=method, rules=", ".join(RULES))
        for path, method in operations
        if (path, method) not in table
    ]
    assert not lacking, "\n".join(lacking)
    gone = table.keys() - operations.keys()
    assert not gone, f"matrix.toml has lines of what the service does not have: {sorted(gone)}"
    wrong = {line["rule"] for line in table.values()} - set(RULES)
    assert not wrong, f"matrix.toml has rules that there are not: {sorted(wrong)}"


def test_only_who_may_is_let_in(
    service: Governed,
    operations: Mapping[tuple[str, str], Mapping[str, Any]],
    table: Mapping[tuple[str, str], Mapping[str, str]],
) -> None:
    faults = []
    for (path, method), told in operations.items():
        line = table.get((path, method))
        if line is None:
            continue
        for project in (MINE, SHOWN, THEIRS, MISSING) if "{project}" in path else ("",):
            # Where nobody needs a token, it is enough that none is shown.
            for person in PEOPLE[: 1 if line["rule"] == "anyone" else None]:
                response = _asked(service, person, path, method, told, line, project)
                expected = _expected(line["rule"], person, project)
                found = _found(response, project)
                if line["rule"] == "own" and response.status_code == 404:
                    found = NONE
                if found != expected or response.status_code >= 500:
                    faults.append(
                        f"{person}: {method} {path} {project}: {found} ({response.status_code}), "
                        f"where by the rule {line['rule']} this person {expected}"
                    )
                if project == MISSING and found == PASSED:
                    service.ask("operator", "DELETE", f"/projects/{MISSING}")
                elif method in ("PUT", "DELETE") and response.is_success:
                    service.prepare()
    assert not faults, "\n".join(faults[:20])


def test_a_private_project_answers_as_one_that_is_not_there(
    service: Governed,
    operations: Mapping[tuple[str, str], Mapping[str, Any]],
    table: Mapping[tuple[str, str], Mapping[str, str]],
) -> None:
    faults = []
    for (path, method), told in operations.items():
        line = table.get((path, method), {"rule": "new"})
        # Whoever may make projects finds out which ids are taken.
        if "{project}" not in path or line["rule"] == "new":
            continue
        for person in PEOPLE[:-1]:
            answers = [
                _asked(service, person, path, method, told, line, project)
                for project in (THEIRS, MISSING)
            ]
            theirs, missing = (
                (one.status_code, _told(one).replace(project, "…"), _plain(one))
                for one, project in zip(answers, (THEIRS, MISSING), strict=True)
            )
            if theirs != missing:
                faults.append(f"{person}: {method} {path}: {theirs} is not {missing}")
    assert not faults, "\n".join(faults[:20])


def test_a_token_that_does_not_count_opens_nothing(
    service: Governed,
    operations: Mapping[tuple[str, str], Mapping[str, Any]],
    table: Mapping[tuple[str, str], Mapping[str, str]],
) -> None:
    for (path, method), told in operations.items():
        line = table.get((path, method), {"rule": "anyone"})
        for person in DEAD:
            response = _asked(service, person, path, method, told, line, MINE)
            assert response.status_code == 401, f"{person}: {method} {path}"
            assert 'error="invalid_token"' in response.headers["www-authenticate"]


def _asked(  # noqa: PLR0913, PLR0917 - each is a word about the same request
    service: Governed,
    person: str,
    path: str,
    method: str,
    told: Mapping[str, Any],
    line: Mapping[str, str],
    project: str,
) -> httpx2.Response:
    query = [line["query"]] if "query" in line else []
    for parameter in told.get("parameters", []):
        name, value = parameter["name"], _value(parameter)
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", project if name == "project" else value)
        elif parameter.get("required") and parameter["in"] == "query":
            query.append(f"{name}={value}")
    accepted = list(told.get("requestBody", {}).get("content", {}))
    kind = line.get("type") or (accepted[0] if accepted else None)
    headers = {"accept": "application/json, */*;q=0.1", **({"content-type": kind} if kind else {})}
    body = line.get("body", "{}" if kind == "application/json" else "")
    address = f"{path}?{'&'.join(query)}" if query else path
    return service.ask(person, method, address, content=body, headers=headers)


def _value(parameter: Mapping[str, Any]) -> str:
    """What a parameter may be: the first of a list, a number, or a name that nothing has."""
    schema = parameter.get("schema", {})
    if "enum" in schema:
        return str(schema["enum"][0])
    return "1" if schema.get("type") in ("integer", "number") else "nothing"


def _expected(rule: str, person: str, project: str) -> str:
    """What somebody is told where a rule stands."""
    if rule == "own":
        return NONE
    if rule == "anyone" or person == "operator":
        hidden = rule in ROLES and project == MISSING
        return HIDDEN if hidden else PASSED
    if rule in ("known", "operator", "creator"):
        return _of_a_token(rule, person)
    role = person.removesuffix(", to read")
    seen = project == SHOWN or (project == MINE and role in ROLES)
    if not seen:
        return HIDDEN if rule != "new" else _made_anew(person, project)
    needed = "maintainer" if rule == "new" else rule
    if needed == "reader":
        return PASSED
    if person == "anonymous":
        return UNKNOWN
    writes = project == MINE and person in ROLES
    return PASSED if writes and ROLES.index(role) >= ROLES.index(needed) else REFUSED


def _of_a_token(rule: str, person: str) -> str:
    if person == "anonymous":
        return UNKNOWN
    if rule == "known" or (rule == "creator" and person != "maintainer, to read"):
        return PASSED
    return REFUSED


def _made_anew(person: str, project: str) -> str:
    made = _of_a_token("creator", person)
    return made if project == MISSING or made != PASSED else "is told that it is taken"


def _found(response: httpx2.Response, project: str) -> str:
    """What a response tells of access."""
    told = response.json() if "problem" in response.headers.get("content-type", "") else {}
    if response.status_code == 404 and told["detail"] == f"There is no project {project}":
        return HIDDEN
    if response.status_code == 409 and told["detail"] == f"The id {project} is taken":
        return "is told that it is taken"
    if response.status_code == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")
        return UNKNOWN
    return REFUSED if response.status_code == 403 else PASSED


def _told(response: httpx2.Response) -> str:
    """What is told, without the name of the request, which no other has."""
    return response.text.replace(response.headers.get("x-request-id", "-"), "")


def _plain(response: httpx2.Response) -> dict[str, str]:
    """The headers that tell something of what was asked for."""
    passed = ("date", "content-length", "query-id", "x-request-id", "etag")
    return {name: value for name, value in response.headers.items() if name not in passed}
