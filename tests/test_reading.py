"""Readers give the values and lines of what they are given, or one sentence about what is wrong."""

import json
import math
import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import DescriptorInvalid, KgError
from kg.reading import (
    JSON_LIMITS,
    YAML_LIMITS,
    Limits,
    Tree,
    decode,
    lines,
    pointer,
    read_bytes,
    read_json,
    read_toml,
    read_yaml,
    read_yaml_all,
)

Reader = Callable[[str], Tree]
READERS: list[Reader] = [read_yaml, read_json, read_toml]


def refused(read: Callable[[], object]) -> DescriptorInvalid:
    with pytest.raises(DescriptorInvalid) as caught:
        read()
    assert caught.value.what
    assert caught.value.hint
    return caught.value


# -- errors ----------------------------------------------------------------------------------------


def test_an_error_says_where_what_and_what_to_do() -> None:
    assert str(KgError("All is lost!", "")) == "All is lost!"
    assert str(DescriptorInvalid("A", "B")) == "A. B."
    assert str(DescriptorInvalid("A", "B", line=3)) == "line 3: A. B."
    assert str(DescriptorInvalid("A", "B", file="f.yaml")) == "f.yaml: A. B."
    assert str(DescriptorInvalid("A", "B", line=3, file="f.yaml")) == "f.yaml:3: A. B."


# -- bytes -----------------------------------------------------------------------------------------


def test_a_regular_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert read_bytes(path, 3) == b"abc"
    assert "more than the 2 bytes" in refused(lambda: read_bytes(path, 2)).what


def test_a_sparse_file_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    refused(lambda: read_bytes(path, 8 << 20))


def test_folders_links_pipes_sockets_and_devices_are_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    # A socket's whole path may have a hundred characters.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        for path in ["link", "pipe", "socket", "."]:
            refused(lambda path=path: read_bytes(tmp_path / path, 10))  # type: ignore[misc]
    refused(lambda: read_bytes(Path(os.devnull), 10))


def test_a_missing_file_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(lambda: read_bytes(tmp_path / "none", 10)).what
    refused(lambda: read_bytes(tmp_path / "a\0b", 10))
    refused(lambda: read_bytes(tmp_path / ("a" * 300), 10))


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="needs a file that grows as read")
def test_a_file_that_denies_its_size_is_bounded_while_it_is_read() -> None:
    refused(lambda: read_bytes(Path("/proc/cpuinfo"), 10))


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"],
)
def test_text_is_read_in_the_encoding_it_was_written_in(encoding: str) -> None:
    text = "flask==2.0  # caffè\r\nnumpy\n"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("mark", ["utf-16-be", "utf-32-be"])
def test_a_byte_order_mark_of_the_other_end_is_obeyed(mark: str) -> None:
    assert decode("\ufeffé".encode(mark)) == "é"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PAR1\x15\x04\x15\x00", "a Parquet file"),
        (b"\x80\x04\x95\x00\x00", "a Python pickle"),
        (b"PK\x03\x04\x14\x00\x00", "a ZIP archive"),
        (b"a\x00b", "binary data"),
        (b"a" * 70_000 + b"\x00", "binary data"),
        (b"\x01\x02\x03", "binary data"),
        (b"\x01\xff\x03", "binary data"),
        (bytes(range(256)), "binary data"),
    ],
)
def test_binary_data_is_named_and_not_read_as_text(data: bytes, kind: str) -> None:
    assert refused(lambda: decode(data)).what == f"The file is not text but {kind}"


@pytest.mark.parametrize(
    "data",
    [
        "é\nü\n".encode() + b"caf\xe9\n",
        b"a\nb\n\xed\xa0\x80",
        b"a\nb\n" + "привет".encode("cp1251") * 3,
        b"a\nb\na\x81aaaaaaaaaaaaaa",
    ],
)
def test_text_in_no_known_encoding_is_refused_with_its_line(data: bytes) -> None:
    assert refused(lambda: decode(data)).line == 3


def test_a_broken_wide_encoding_is_refused() -> None:
    assert "UTF-16" in refused(lambda: decode(b"\xff\xfea")).what
    assert "UTF-16" in refused(lambda: decode(b"\xff\xfe\x00\xd8a\x00")).what


def test_lines_split_where_an_editor_splits() -> None:
    assert list(lines("a\nb\r\nc\rd\u2028e\x0bf\n")) == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (4, "d\u2028e\x0bf"),
    ]
    assert list(lines("")) == []


def test_a_very_long_line_is_refused_with_its_number() -> None:
    assert refused(lambda: list(lines("a\n" + "b" * 100_001))).line == 2


# -- trees -----------------------------------------------------------------------------------------


def test_a_pointer_that_leads_nowhere_has_no_line_and_no_text() -> None:
    tree = read_yaml("a: [1]\n'b/~c': 2")
    assert tree.line(pointer("b/~c")) == 2
    for nowhere in ["/c", "/c/d", "/a/1", "/a/x", "/a/-1", "/a/0/0", "/a/" + "9" * 5000, "/a/²"]:
        assert tree.line(nowhere) is None
        assert tree.text(nowhere) is None


# -- YAML ------------------------------------------------------------------------------------------

NESTED = """\
# a comment
name: demo
stages:
  - train

  - cmd: run
    deps: [a,
           b]
"""


def test_yaml_tells_the_line_of_each_key_and_item() -> None:
    tree = read_yaml(NESTED)
    where = {
        "": 2,
        "/name": 2,
        "/stages": 3,
        "/stages/0": 4,
        "/stages/1": 6,
        "/stages/1/cmd": 6,
        "/stages/1/deps": 7,
        "/stages/1/deps/1": 8,
    }
    assert {key: tree.line(key) for key in where} == where


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("read", READERS[:2])
def test_lines_are_those_of_an_editor_whatever_ends_them(read: Reader, end: str) -> None:
    assert read(end.join(["{", '"a": 1,', '"b": 2', "}"])).line("/b") == 3


def test_unicode_line_separators_count_as_lines_in_yaml_but_not_in_an_editor() -> None:
    tree = read_yaml("a: 'x\u2028y'\nb: z\u2029\nc: 1")
    assert (tree.line("/b"), tree.line("/c")) == (2, 3)


def test_documents_count_their_lines_from_the_top_of_the_file() -> None:
    trees = read_yaml_all("a: 1\n---\nb: 2\n---\n")
    assert [tree.value for tree in trees] == [{"a": 1}, {"b": 2}, None]
    assert trees[1].line("/b") == 3
    assert refused(lambda: read_yaml("a: 1\n---\nb: 2\n")).line == 3


@pytest.mark.parametrize("text", ["", " \n\n", "# only a comment", "\ufeff"])
def test_an_empty_yaml_file_has_no_value(text: str) -> None:
    assert read_yaml(text).value is None
    assert read_yaml(text).line("") == 1


def test_scalars_have_the_types_that_yaml_gives_them() -> None:
    text = """
- 1
- 3.10
- 1e5
- 0x1F
- yes
- ~
-
- 2024-02-29
- 2001-12-14t21:59:43.10-05:00
- '1'
- .inf
- 1:30
"""
    assert read_yaml(text).value == [
        1,
        3.1,
        "1e5",
        31,
        True,
        None,
        None,
        date(2024, 2, 29),
        datetime(2001, 12, 15, 2, 59, 43, 100_000, tzinfo=UTC),
        "1",
        math.inf,
        90,
    ]


def test_a_scalar_can_be_had_as_it_was_written() -> None:
    tree = read_yaml("python: 3.10\n1.20: 'x'\nwhen: 12:30\non: [no]")
    assert tree.text("/python") == "3.10"
    assert tree.text("/1.20") == "x"
    assert tree.text("/when") == "12:30"
    assert (tree.text("/on/0"), tree.text("/on")) == ("no", None)
    assert tree.value == {"python": 3.1, "1.20": "x", "when": 750, "on": [False]}


@pytest.mark.parametrize(
    "text", ["2023-02-30", "2001-12-14t21:59:43-99:00", "0b_", "!!int many", "!!float ''"]
)
def test_an_impossible_date_or_number_stays_text(text: str) -> None:
    tree = read_yaml(f"a: {text}")
    assert tree.value == {"a": text.rpartition(" ")[2].strip("'")}
    assert bool(tree.tags) == text.startswith("!!")


def test_of_equal_keys_the_first_is_kept_and_the_others_are_told() -> None:
    tree = read_yaml("a: {b: 1, b: {c: 2}}\nb: 3\n'b': 4\n")
    assert tree.value == {"a": {"b": 1}, "b": 3}
    assert tree.duplicates == (("/a/b", 1), ("/b", 3))
    assert (tree.line("/a/b"), tree.line("/b")) == (1, 2)


def test_no_tag_makes_an_object() -> None:
    tree = read_yaml(
        "a: !Ref x\nb: !!python/object/apply:os.system ['exit 1']\nc: !!set {x}\n!k d: !!str 1\n"
    )
    assert tree.value == {"a": "x", "b": ["exit 1"], "c": {"x": None}, "d": "1"}
    assert tree.tags == (
        ("/a", "!Ref", 1),
        ("/b", "tag:yaml.org,2002:python/object/apply:os.system", 2),
        ("/c", "tag:yaml.org,2002:set", 3),
        ("/d", "!k", 4),
    )


def test_an_alias_has_the_value_and_inner_lines_of_its_anchor() -> None:
    tree = read_yaml("a: &x\n  b: 1\nc: *x\nd: [&k key]\n*k : 2\n? &n 7\n: *n\n")
    assert tree.value == {"a": {"b": 1}, "c": {"b": 1}, "d": ["key"], "key": 2, "7": "7"}
    assert (tree.line("/c"), tree.line("/c/b"), tree.text("/c/b")) == (3, 2, "1")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}",
        "a: &a {x: 1}\nc: &c {x: 2, z: 3}\nb: {<<: [*a, *c], w: 0}",
        "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, '<<': 4}",
        "b: {<<: {x: 1}, <<: {x: 2, y: 3}, z: 4}",
        "a: <<",
    ],
)
def test_merged_mappings_are_those_of_the_safe_loader(text: str) -> None:
    plain = text.replace("'<<'", "'<<<'").replace("a: <<", "a: '<<'")
    assert read_yaml(plain).value == yaml.safe_load(plain)


def test_a_merged_entry_has_the_line_on_which_it_is_written() -> None:
    tree = read_yaml("a: &a\n  x: 1\n  y: 2\nb:\n  <<: *a\n  y: 3\n")
    assert (tree.line("/b/x"), tree.line("/b/y")) == (2, 6)
    assert tree.duplicates == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: [1\nb: 2", 2, "not valid YAML"),
        ("a: b: c", 1, "mapping values are not allowed"),
        ("a:\n\t- b", 2, "cannot start any token"),
        ("a: 1\nb: @c", 2, "cannot start any token"),
        ('a: "b', 1, "unexpected end of stream"),
        ("a: 'x\x07'", 1, "U+0007"),
        ("a\n\x00", 2, "U+0000"),
        ("a: \ud800", 1, "lone surrogate"),
        ("a: *b", 1, "before any anchor"),
        ("a: &a\n  - *a", 2, "inside what it names"),
        ("a: 1\n? [b]\n: c", 2, "used as a key"),
        ("a: 1\n? &b [b]\n", 2, "used as a key"),
        ("a: &a [1]\n*a : 2", 2, "used as a key"),
        ("a: 1\n<<: 2", 2, "merge key"),
        ("a:\n  <<: [{b: 1}, 2]", 2, "merge key"),
        ("a: 1\nb: {{ .Values.image }}", 2, "a template"),
        ("{% set version = 1 %}\nname: x", 1, "a template"),
        ("a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}", 2, "a template"),
        ("a: 1\nb: " + "1" * 1_000_000, 2, "A number has 1,000,000 characters"),
        ("a: 1\nb: 1" + ":10" * 100_000, 2, "A number has 300,001 characters"),
        ("? " + "k" * 5000 + "\n: 1", 1, "A key has 5,000 characters"),
        ("%TAG !a! " + "x" * 600 + "\n---\n!a!b c", None, "tag handles"),
        ("%TAG !a! x\n" * 40 + "---\na", None, "tag handles"),
        ('"\\Uffffffff"', 1, "not valid YAML"),
        ("---\n" * 10_001 + "a", None, "more than 10,000 documents"),
    ],
)
def test_broken_yaml_is_refused_with_its_line(text: str, line: int | None, says: str) -> None:
    problem = refused(lambda: read_yaml_all(text))
    assert says in problem.what
    assert problem.line == line


def test_a_tab_brings_the_advice_to_use_spaces() -> None:
    assert "spaces" in refused(lambda: read_yaml("a:\n\t- b")).hint
    assert "spaces" not in refused(lambda: read_yaml("a:\n  @b")).hint


def test_a_template_inside_quotes_is_a_text() -> None:
    assert read_yaml("a: '{{ b }}'").value == {"a": "{{ b }}"}


def test_a_long_text_that_looks_like_no_number_stays_text() -> None:
    assert read_yaml("a: " + "ab1" * 1000).value == {"a": "ab1" * 1000}


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[\n"])
def test_deep_yaml_is_refused(unit: str) -> None:
    refused(lambda: read_yaml(unit * 100_000))


BOMBS = {
    "doubling": "a0: &a0 [x,x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1},*a{i - 1}]\n" for i in range(1, 60)),
    "repeated": "a: &a [" + "x," * 2000 + "]\nb: [" + "*a," * 2000 + "]",
    "long texts": "a: &a " + "x" * 1_000_000 + "\nb: [" + "*a," * 10_000 + "]",
    "merged": "a0: &a0 {x: 1, y: 2}\n"
    + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, 60)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_aliases_are_charged_for_what_they_stand_for(name: str) -> None:
    assert "things" in refused(lambda: read_yaml(BOMBS[name])).what


def test_a_hundred_thousand_anchors_are_no_bomb() -> None:
    text = "".join(f"- &a{number} {number}\n" for number in range(100_000))
    assert read_yaml(text).value == list(range(100_000))


def test_repeated_keys_and_tags_with_long_pointers_are_bounded() -> None:
    deep = "".join(" " * level + "k" * 1000 + ":\n" for level in range(90))
    refused(lambda: read_yaml(deep + (" " * 90 + "- !x y\n") * 1000))
    refused(lambda: read_yaml(deep + (" " * 90 + "x: y\n") * 1000))


def test_limits_are_the_callers_to_set() -> None:
    assert read_yaml("[[1]]", Limits(size=5, depth=2, nodes=3)).value == [[1]]
    refused(lambda: read_yaml("[[1]]", Limits(size=4, depth=2, nodes=3)))
    refused(lambda: read_yaml("[[1]]", Limits(size=5, depth=1, nodes=3)))
    refused(lambda: read_yaml("[[1]]", Limits(size=5, depth=2, nodes=2)))
    refused(lambda: read_yaml("{a: 1}", Limits(size=6, nodes=2)))


def test_without_libyaml_the_same_file_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.reading.yaml._PARSER", yaml.SafeLoader)
    assert read_yaml(NESTED).value == {
        "name": "demo",
        "stages": ["train", {"cmd": "run", "deps": ["a", "b"]}],
    }
    assert read_yaml(NESTED).line("/stages/1/deps/1") == 8
    refused(lambda: read_yaml('"\\Uffffffff"'))
    refused(lambda: read_yaml('"\\ud800"'))


# -- JSON ------------------------------------------------------------------------------------------


def test_json_tells_lines_and_texts_as_written() -> None:
    tree = read_json('\ufeff\n{"a": [1.50,\n -0, "x"],\n\n"b":\n{}}')
    assert tree.value == {"a": [1.5, 0, "x"], "b": {}}
    assert [tree.line(where) for where in ["", "/a", "/a/0", "/a/1", "/b"]] == [2, 2, 2, 3, 5]
    assert [tree.text(f"/a/{i}") for i in range(3)] == ["1.50", "-0", "x"]


def test_json_keeps_the_first_of_equal_keys_and_tells_the_others() -> None:
    tree = read_json('{"a": {"b": 1,\n"b": [2]},\n"a": 3}')
    assert tree.value == {"a": {"b": 1}}
    assert tree.duplicates == (("/a/b", 2), ("/a", 3))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "empty"),
        (" \n\t", None, "empty"),
        ('{"a": 1', 1, "ends too early"),
        ('{"a":\n', 2, "ends too early"),
        ('["a\n"]', 1, "invalid control character"),
        ('["a', 1, "unterminated string"),
        ('["\\x"]', 1, "invalid \\escape"),
        ("[1,\n]", 2, "comma"),
        ('{"a": 1,}', 1, "comma"),
        ("[1 2]", 1, "`,` is expected"),
        ('{"a" 1}', 1, "`:` is expected"),
        ("{a: 1}", 1, "key in double quotes"),
        ("[01]", 1, "`,` is expected"),
        ("[+1]", 1, "value is expected"),
        ("[.5]", 1, "value is expected"),
        ("['a']", 1, "value is expected"),
        ("[nul]", 1, "value is expected"),
        ("[1] // x", 1, "more follows"),
        ('{"a": 1}\n{"b": 2}', 2, "more follows"),
        ("[\n\ud800]", 2, "lone surrogate"),
        ('["\\ud800"]', 1, "lone surrogate"),
        ("[\n" + "1" * 1_000_000, 2, "1,000,000 characters"),
        ("[" * 100_000, 1, "nested"),
        ('{"a":' * 100_000, 1, "nested"),
        ("[1" + ",1" * 300_000 + "]", 1, "300,000 things"),
        ('{"' + "k" * 5000 + '": 1}', 1, "A key"),
    ],
)
def test_broken_json_is_refused_with_its_line(text: str, line: int | None, says: str) -> None:
    problem = refused(lambda: read_json(text))
    assert says in problem.what
    assert problem.line == line


def same(value: object, other: object) -> bool:
    return repr(value) == repr(other)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(json_values, st.sampled_from([None, 2]), st.sampled_from([True, False]))
def test_json_that_python_writes_is_read_back(
    value: object, indent: int | None, ascii_only: object
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=bool(ascii_only))
    assert same(read_json(text).value, json.loads(text))


@settings(deadline=None)
@given(st.text(alphabet='[]{}:,"\\ \n\tu0019.eE+-truefalsnNIity/'))
@example('{"a":1}x')
@example("1.")
@example("1e")
@example("-")
@example("-Infinity")
def test_json_is_accepted_exactly_where_python_accepts_it(text: str) -> None:
    """Lone surrogates and repeated keys apart, which these letters cannot or seldom write."""
    try:
        value = json.loads(text)
    except ValueError:
        refused(lambda: read_json(text))
    else:
        tree = read_json(text)
        assert tree.duplicates or same(tree.value, value)


# -- TOML ------------------------------------------------------------------------------------------

PROJECT = '''\
# a comment
[project]
name = "demo"    # another
python = 3.10
dependencies = [
  "scipy>=1",  # ] [
  # "x",
  "numpy", "pandas",
  {a = 1},
]
text = """
[fake]
key = 1 \\" """""
tool.x."y.z" = 'v'

[[package]]
name = "p"
[[package]]
  name = "q"
  files = [{file = "a"},
    {file = "b", size = 2}]
[tool.poetry.dependencies]
torch = {version = "^2", extras = ["cpu"]}
'''


def test_toml_tells_the_lines_of_tables_keys_and_items() -> None:
    tree = read_toml(PROJECT)
    assert tree.value == tomllib.loads(PROJECT)
    where = {
        "/project": 2,
        "/project/name": 3,
        "/project/dependencies": 5,
        "/project/dependencies/0": 6,
        "/project/dependencies/1": 8,
        "/project/dependencies/2": 8,
        "/project/dependencies/3/a": 9,
        "/project/text": 11,
        "/project/tool/x/y.z": 14,
        "/package/0": 16,
        "/package/0/name": 17,
        "/package/1/name": 19,
        "/package/1/files/1/size": 21,
        "/tool/poetry/dependencies/torch/version": 23,
        "/tool/poetry/dependencies/torch/extras/0": None,
        "/none": None,
    }
    assert {key: tree.line(key) for key in where} == where
    assert tree.text("/project/python") == "3.10"
    assert tree.text("/project/tool/x/y.z") == "v"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a = 1\na = 2", 2, "overwrite"),
        ("a = 1\n[a]\nb = 1", 2, "overwrite"),
        ("a = [1", 1, "unclosed array"),
        ("a = 1\nb", 2, "expected '='"),
        ("a = 1\n'", 2, "expected"),
        ('a = """b\\n\n', 2, "unterminated string"),
        ("a =\n", 1, "invalid value"),
        ("a. = 1", 1, "invalid"),
        ("a = 1\n= 2\n]\n", 2, "invalid statement"),
        ("a = 1\nb = " + "1" * 1_000_000, 2, "1,000 characters"),
        ("a = " + "[" * 100_000, 1, "nested"),
        ("a = " + "{a=" * 100_000, 1, "nested"),
        ("a." * 100_000 + "a = 1", 1, "nested"),
        ("x = {" + '"a".' * 100_000 + "a = 1}", 1, "nested"),
        ("[" + "a." * 100_000 + "a]", 1, "nested"),
        ("a." * 55 + "a = 1", 1, "nested"),
        ("".join(f"k{i} = 1\n" for i in range(100_001)), 100_001, "100,000 things"),
        ("a = [" + "1," * 100_001 + "]", 1, "100,000 things"),
    ],
)
def test_broken_toml_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    problem = refused(lambda: read_toml(text))
    assert says in problem.what
    assert problem.line == line


def test_a_number_with_more_digits_than_python_reads_is_refused() -> None:
    refused(lambda: read_toml("a = [" + "1_" * 3000 + "1]"))


# -- all of them -----------------------------------------------------------------------------------

written = st.text(
    alphabet=st.sampled_from(
        " \n\t\r-:,[]{}()\"'#&*!|>%@`?=.\\/<~^_019aeEuxyntNf\ud800\u2028\x00é😀"
    )
)


@pytest.mark.parametrize("read", [*READERS, read_yaml_all])
@settings(deadline=None)
@given(st.binary() | written.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_the_bytes_are_they_are_read_or_refused(
    read: Callable[[str], object], data: bytes
) -> None:
    try:
        read(decode(data))
    except DescriptorInvalid as problem:
        assert problem.what  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize("read", [*READERS, read_yaml_all])
@settings(deadline=None)
@given(written)
def test_whatever_the_text_is_it_is_read_or_refused(
    read: Callable[[str], object], text: str
) -> None:
    try:
        read(text)
    except DescriptorInvalid as problem:
        assert problem.what  # noqa: PT017 - both outcomes are right


COSTLY: list[tuple[str, str]] = [
    ("read_yaml_all", '"- {a: 1.5}\\n" * 700_000'),
    ("read_yaml_all", '"- 2001-12-14t21:59:43.10-05:00\\n" * 260_000'),
    ("read_yaml_all", '"[" * (8 << 20)'),
    ("read_yaml_all", '"- " * (4 << 20)'),
    ("read_yaml_all", '"a: &a [" + "*a," * (2 << 20)'),
    ("read_yaml_all", '"".join(f"%TAG !a{i}! x\\n" for i in range(400_000)) + "--- a"'),
    ("read_json", """'["😀"' + ',[[]]' * 2_000_000 + ']'"""),
    ("read_json", """'{"a":' * (3 << 20)"""),
    ("read_toml", '"[" + "a." * (2 << 20) + "a]"'),
    ("read_toml", '"a=[" + "[[[[]]]]," * 400_000 + "]"'),
]
MEASURED = """
import sys, time
from kg import reading
from kg.errors import DescriptorInvalid
def most():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
text = eval(sys.argv[2])
open("/proc/self/clear_refs", "w").write("5")
before, start = most(), time.process_time()
try:
    getattr(reading, sys.argv[1])(text)
except DescriptorInvalid:
    pass
print(time.process_time() - start, (most() - before) / 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
@pytest.mark.parametrize(("reader", "text"), COSTLY)
def test_the_costliest_file_takes_under_five_seconds_and_200_megabytes(
    reader: str, text: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, reader, text], capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 5
    assert megabytes < 200


def test_files_at_the_limit_are_admitted_and_one_more_character_is_not() -> None:
    for read, limits in [(read_yaml, YAML_LIMITS), (read_json, JSON_LIMITS)]:
        assert read(" " * (limits.size - 1) + "1").value == 1
        assert "characters" in refused(lambda: read(" " * limits.size + "1")).what  # noqa: B023
