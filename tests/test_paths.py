from pathlib import Path

import pytest

from kg.errors import KnowledgeError
from kg.paths import knowledge_roots


def test_our_own_knowledge_comes_first(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()

    ours, theirs = knowledge_roots([tmp_path])

    assert (ours / "ontology" / "core.ttl").is_file()
    assert theirs == tmp_path


def test_extra_folders_keep_their_order(tmp_path: Path) -> None:
    extra = [tmp_path / name for name in ("b", "a")]
    for folder in extra:
        (folder / "ontology").mkdir(parents=True)

    assert knowledge_roots(extra)[1:] == extra


def test_a_missing_knowledge_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="nowhere does not exist"):
        knowledge_roots([tmp_path / "nowhere"])


def test_a_folder_without_knowledge_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    with pytest.raises(KnowledgeError, match="holds no knowledge"):
        knowledge_roots([tmp_path])
