"""The image, as far as that can be tried without an engine: its steps in a fresh folder, the
service as it starts, and whether it says that it is healthy.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
IGNORED = ROOT / "docker" / "Dockerfile.dockerignore"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root in which the steps of the first stage were run, the folders of the image below it."""
    root = tmp_path_factory.mktemp("image")
    folder = root
    for word, rest in _steps("FROM python:3.11-slim AS build"):
        if word == "WORKDIR":
            folder = _below(root, rest)
            folder.mkdir(parents=True)
        elif word == "COPY":
            *sources, target = rest.split()
            _copy(sources, folder, folder / target)
        elif word == "RUN":
            command = re.sub(r"(?<![\w.])/(srv|wheel)\b", rf"{root}/\1", rest)
            command = re.sub(r"^python ", f"{sys.executable} ", command)
            done = subprocess.run(
                ["sh", "-ec", command],
                cwd=folder,
                # An image is compiled ahead, since it cannot write what it compiles.
                env=os.environ | {"PIP_NO_COMPILE": "1"},
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
    return root


def test_what_the_image_holds_serves_and_is_healthy(built: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    environment = {
        "PATH": f"{built}/srv/mismatch/bin:/usr/bin:/bin",
        "MISMATCH_PORT": port,
        "MISMATCH_OPERATOR_TOKEN": "a-token-of-the-operator-for-this-test",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [*_list("ENTRYPOINT"), *_list("CMD")]
    command = [_below(tmp_path, one).as_posix() if one == "/store" else one for one in command]
    assert not _is_healthy(environment)
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert any(_is_healthy(environment) for _ in _while_running(process))
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert [one.name for one in tmp_path.iterdir()] == ["store"]


def test_the_image_runs_without_root_and_names_no_registry() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    (user,) = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert images == ["python:3.11-slim"] * 2
    assert "http://127.0.0.1:" in text
    assert "https://" not in text


def test_every_installed_package_is_pinned_by_its_hash() -> None:
    installs = [rest for word, rest in _steps("FROM") if word == "RUN" and "pip install" in rest]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_compose_gives_the_service_nothing_that_it_does_not_need() -> None:
    text = (ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8")
    service = yaml.safe_load(text)["services"]["mismatch"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["store:/store"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert (ROOT / "docker" / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_the_overlay_for_an_endpoint_changes_where_the_graphs_are_alone() -> None:
    text = (ROOT / "docker" / "compose.endpoint.yaml").read_text(encoding="utf-8")
    (overlay,) = yaml.safe_load(text)["services"].values()
    assert set(overlay) == {"command", "environment"}
    kept = _list("CMD")
    assert overlay["command"] == kept[: kept.index("--store")]
    assert overlay["environment"]["MISMATCH_HISTORY"] == kept[-1]
    assert overlay["environment"]["MISMATCH_STORE"].startswith("${MISMATCH_STORE:?")
    secrets = [value for name, value in overlay["environment"].items() if name.endswith(("D", "N"))]
    assert secrets == ["${MISMATCH_STORE_PASSWORD:-}", "${MISMATCH_STORE_TOKEN:-}"]


def _steps(begin: str) -> Iterator[tuple[str, str]]:
    """The instructions of the stage that begins so, without FROM; of both where it is just FROM."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    found = text[text.index(begin) :]
    if begin != "FROM":
        found = found[: found.index("\nFROM ")]
    for line in found.splitlines():
        word, _, rest = line.partition(" ")
        if word.isupper() and word != "FROM":
            yield word, rest.strip()


def _list(word: str) -> Sequence[str]:
    """What the last instruction of that name says as a list."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    return list(json.loads(re.findall(rf"^{word} (\[.+\])$", text, re.MULTILINE)[-1]))


def _is_healthy(environment: dict[str, str]) -> bool:
    text = DOCKERFILE.read_text(encoding="utf-8")
    (command,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.+\])$", text, re.MULTILINE)
    asked = subprocess.run(json.loads(command), env=environment, check=False, capture_output=True)
    return asked.returncode == 0


def _while_running(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    for _ in range(120):
        assert process.poll() is None, process.communicate()[0]
        yield
        time.sleep(0.25)


def _copy(sources: Sequence[str], folder: Path, target: Path) -> None:
    """Copy from the root of the repository as an engine would: only what is not ignored."""
    lines = IGNORED.read_text(encoding="utf-8").splitlines()
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]
    names = kept if list(sources) == ["."] else sources
    for name in names:
        source = ROOT / name
        assert name.partition("/")[0] in kept
        if source.is_dir():
            bytecode = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=bytecode, dirs_exist_ok=True)
        else:
            at = target / source.name if target.name else folder / source.name
            at.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, at)


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
