"""Versions: what is written becomes a canonical range, and ranges are compared as PEP 440 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DescriptorInvalid
from kg.versions import Dialect, Relation, compatible, contradictory, normalise_range, relation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("==3.7.11", "==3.7.11"),
        (" == 1.0 ", "==1.0"),
        ("(>=1,<2)", ">=1,<2"),
        ("<2,>=1", ">=1,<2"),
        (">=1.0.RC1, <2", ">=1.0rc1,<2"),
        (">=1,>=1,<2", ">=1,<2"),
        ("!=3.0.*,>=2.7", ">=2.7,!=3.0.*"),
        ("~=1.4.2", "~=1.4.2"),
        ("==1.13.1+CU117", "==1.13.1+cu117"),
        ("==1!2.0", "==1!2.0"),
        ("==1.0.post1", "==1.0.post1"),
        ("===2004d", "===2004d"),
        ("===2004d,>=1", "===2004d,>=1"),
        (">=3.6.*", ">=3.6"),
        ("<3.8.*", "<3.8"),
    ],
)
def test_a_specifier_set_becomes_canonical(text: str, expected: str) -> None:
    assert normalise_range(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python=3.12", "==3.12.*"),
        ("=3.12", "==3.12.*"),
        ("python=3.8.8", "==3.8.8.*"),
        ("==1.2", "==1.2"),
        ("scikit-learn==1.7.0", "==1.7.0"),
        ("==1.2.*", "==1.2.*"),
        ("numpy=1.21=py39h", "==1.21"),
        ("numpy==1.21=py39h", "==1.21"),
        ("pytorch=1.12.1=py3.9_cuda11.6*", "==1.12.1"),
        ("numpy 1.8.1 py27_0", "==1.8.1"),
        ("numpy 1.8.1", "==1.8.1"),
        ("1.8.1", "==1.8.1"),
        ("1.8.*", "==1.8.*"),
        ("1.8*", "==1.8.*"),
        ("=1.2.*", "==1.2.*"),
        ("numpy >= 1.11 , < 2", ">=1.11,<2"),
        ("numpy>=1.11,<2", ">=1.11,<2"),
        ("python>=3.6.*", ">=3.6"),
        ("!=1.2", "!=1.2"),
        ("conda-forge::numpy=1.2", "==1.2.*"),
        ("conda-forge/linux-64::numpy=1.2", "==1.2.*"),
        ("numpy", ""),
        ("numpy=*", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_a_match_specification_is_read_as_conda_reads_it(text: str, expected: str) -> None:
    """After conda's manual, "Package match specifications"."""
    assert normalise_range(text, "conda") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.7.11", "==3.7.11"),
        ("v1.2", "==1.2"),
        ("==1.0", "==1.0"),
        ("3.8.*", "==3.8.*"),
        ("2.0.dev1", "==2.0.dev1"),
        ("===junk", "===junk"),
        ("", ""),
    ],
)
def test_an_exact_version_is_a_pin(text: str, expected: str) -> None:
    assert normalise_range(text, "exact") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.11-slim", "==3.11.*"),
        ("3.11.6-slim-bookworm", "==3.11.6"),
        ("3", "==3.*"),
        ("v1.2.3", "==1.2.3"),
        ("2.0.1-cuda11.7-cudnn8-runtime", "==2.0.1"),
        ("1.2.3.4", "==1.2.3.4"),
        ("3.12-rc-slim", "==3.12.*"),
        ("3.12.0rc2-slim", "==3.12.0rc2"),
        ("3.13rc1", "==3.13rc1"),
        ("3.11@sha256:00ff", "==3.11.*"),
        ("latest", ""),
        ("bookworm", ""),
        ("py39_4.12.0", ""),
        ("4f2c1a9", ""),
        ("", ""),
    ],
)
def test_a_tag_of_three_parts_is_a_version_and_of_fewer_a_series(text: str, expected: str) -> None:
    assert normalise_range(text, "tag") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("^1!2.0", ">=1!2.0,<1!3"),
        ("^1.2.3a1", ">=1.2.3a1,<2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("1.2.3", "==1.2.3"),
        ("=1.2", "==1.2"),
        ("~=1.2", "~=1.2"),
        (">= 1.2, <1.5", ">=1.2,<1.5"),
        (">=1 <2", ">=1,<2"),
    ],
)
def test_carets_and_tildes_become_bounds(text: str, expected: str) -> None:
    """The first nine are the examples of Poetry's manual, "Dependency specification"."""
    assert normalise_range(text, "poetry") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^1.2", ">=1.2,<2"),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^1.x", ">=1,<2"),
        ("~1.4.2", ">=1.4.2,<1.5"),
        ("~1", ">=1,<2"),
        ("1.x", "==1.*"),
        ("1.2.*", "==1.2.*"),
        ("1.2", "==1.2.*"),
        ("=1.2.3", "==1.2.3"),
        ("v1.2.3", "==1.2.3"),
        (">=1.2 <2", ">=1.2,<2"),
        (">= 1.2, < 2", ">=1.2,<2"),
        (">1.2", ">=1.3"),
        ("<=1.2", "<1.3"),
        (">1.2.3", ">1.2.3"),
        ("1.2.3 - 2.3.4", ">=1.2.3,<=2.3.4"),
        ("1.2.3 - 2.3", ">=1.2.3,<2.4"),
        ("1.0.0-alpha.1", "==1.0.0a1"),
        (">=1.0.0-rc.2", ">=1.0.0rc2"),
        ("1.0.0+build.5", "==1.0.0"),
        ("*", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_a_semantic_range_says_the_same_as_specifiers(text: str, expected: str) -> None:
    """After npm's manual, "semver", sections on ranges."""
    assert normalise_range(text, "semver") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1.0,2.0)", ">=1.0,<2.0"),
        ("[1.0, 2.0]", ">=1.0,<=2.0"),
        ("(1.0,2.0)", ">1.0,<2.0"),
        ("(,1.0]", "<=1.0"),
        ("[1.5,)", ">=1.5"),
        ("[1.0]", "==1.0"),
        ("[1.0-beta-2,)", None),
        ("[1.0-rc1,)", ">=1.0rc1"),
    ],
)
def test_an_interval_says_the_same_as_specifiers(text: str, expected: str | None) -> None:
    """After Maven's POM reference, "Version Order and Version Requirement Specification"."""
    if expected is None:
        with pytest.raises(DescriptorInvalid):
            normalise_range(text, "interval")
    else:
        assert normalise_range(text, "interval") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">=1.2,<2", ">=1.2,<2"),
        (">1.2", ">1.2"),
        ("~=1.4.2", "~=1.4.2"),
        ("(>=1.2,<2)", ">=1.2,<2"),
        ("~1.4.2", ">=1.4.2,<1.5"),
        ("1.x", "==1.*"),
        ("[1.0,2.0)", ">=1.0,<2.0"),
        ("", ""),
    ],
)
def test_a_person_writes_as_pip_does_or_else_as_npm_or_maven(text: str, expected: str) -> None:
    assert normalise_range(text, "any") == expected


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("3.7", "any"),
        ("v3", "any"),
        ("1.2.3", "any"),
        ("latest", "any"),
        ("^1 || ^2", "any"),
        ("^1 || ^2", "semver"),
        ("1.0.0-1", "semver"),
        ("1.0.0-SNAPSHOT", "semver"),
        ("1.2.3.4", "semver"),
        (">=", "semver"),
        (">x", "semver"),
        ("<*", "semver"),
        ("~>1.2", "semver"),
        ("(,1.0],[1.2,)", "interval"),
        ("(1.0)", "interval"),
        ("[]", "interval"),
        ("1.0", "interval"),
        ("[a,b]", "interval"),
        ("3.7", "pep440"),
        ("junk", "pep440"),
        ("==", "pep440"),
        ("==" + "1." * 200 + "1", "pep440"),
        (">=1,<2|3.*", "conda"),
        ("openssl=1.1.1w", "conda"),
        ("numpy=", "conda"),
        ("python[version='>=3']", "conda"),
        ("1," * 90 + "1 ! !", "conda"),
        ("1.8.0_292", "exact"),
        ("^1 || ^2", "poetry"),
        ("^x", "poetry"),
    ],
)
def test_what_pep_440_cannot_express_is_refused_with_a_hint(text: str, dialect: Dialect) -> None:
    with pytest.raises(DescriptorInvalid) as caught:
        normalise_range(text, dialect)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("need", "have", "expected"),
    [
        # pins
        ("==2.4", "==2.4.2", "disjoint"),
        ("==2.4", "==2.4.0", "within"),
        ("==3.8.*", "==3.7.11", "disjoint"),
        # an image's tag is a range
        ("==3.11.6", "==3.11.*", "overlaps"),
        ("==3.11.*", "==3.11.6", "within"),
        (">=3.8", "==3.11.*", "within"),
        # ranges
        (">=1,<2", ">=1.5,<1.9", "within"),
        (">=1,<2", ">=1.5", "overlaps"),
        (">=1,<2", ">=2", "disjoint"),
        ("!=1.5", "==1.*", "overlaps"),
        ("~=1.4.2", "==1.4.9", "within"),
        ("~=1.4.2", "==1.5", "disjoint"),
        # local versions
        ("==1.13.1", "==1.13.1+cu117", "within"),
        ("==1.13.1+cu117", "==1.13.1", "overlaps"),
        ("==1.13.1+cu117", "==1.13.1+cu116", "disjoint"),
        # pre-releases, post-releases, epochs
        (">=1.0", "==2.0.0rc1", "within"),
        ("<2", "==2.0rc1", "disjoint"),
        (">=2.0", "==2.0rc1", "disjoint"),
        (">=1,<2", "==1.5.post1", "within"),
        (">1.5", "==1.5.post1", "disjoint"),
        ("<2", "==1!1.0", "disjoint"),
        # arbitrary equality compares text
        ("==1.0", "===1.0", "within"),
        ("===1.0", "==1.0", "overlaps"),
        ("===1.0", "===1.0.0", "disjoint"),
        ("===junk", "===junk", "within"),
        (">=1", "===junk", "disjoint"),
        ("===1.0", ">=2", "disjoint"),
        # contradictions
        (">=2,<1", "==1.5", "impossible"),
        ("==1.5", "==1.0,==2.0", "impossible"),
        ("===1,===2", "==1", "impossible"),
        # nothing said
        ("", "==1", "within"),
        ("", "", "within"),
        ("==1", "", "unknown"),
        ("==1", "junk", "unknown"),
        ("junk", "==1", "unknown"),
    ],
)
def test_what_is_at_hand_lies_to_what_is_needed(need: str, have: str, expected: Relation) -> None:
    assert relation(need, have) == expected


def test_a_contradiction_is_told_from_a_range() -> None:
    assert contradictory(">=2,<1")
    assert contradictory("==1.0,!=1.0")
    assert not contradictory(">=1,<2")
    assert not contradictory("")
    assert not contradictory("junk")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("==2.4", "==2.4.2", False),
        ("==3.11.*", "==3.11.6", True),
        ("==1.13.1", "==1.13.1+cu117", True),
        (">=2,<1", "==1", False),
        ("", "==1", True),
        ("===1.0", "==1.0", True),
        ("junk", "==1", None),
        ("junk", "junk", None),
    ],
)
def test_two_statements_conflict_where_no_version_meets_both(
    left: str,
    right: str,
    expected: bool | None,  # noqa: FBT001 (a table's column)
) -> None:
    assert compatible(left, right) is expected
    assert compatible(right, left) is expected


NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda ns: ".".join(map(str, ns)))
SUFFIXES = st.sampled_from(["", "", "", "rc1", ".post1", "+local"])
PARTS = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", "<", ">"]), NUMBERS),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), NUMBERS),
    st.builds("=={}{}".format, NUMBERS, SUFFIXES),
    st.builds("==={}".format, NUMBERS),
)
RANGES = st.lists(PARTS, max_size=3).map(",".join)


@given(RANGES, RANGES)
def test_the_relation_and_the_conflict_never_disagree(need: str, have: str) -> None:
    verdict = relation(need, have)
    if verdict in {"within", "overlaps"}:
        assert compatible(need, have) is True
    if verdict in {"disjoint", "impossible"}:
        assert compatible(need, have) is False
    assert compatible(need, have) is compatible(have, need)


@given(RANGES)
def test_a_canonical_range_stays_as_it_is_and_means_the_same(text: str) -> None:
    canonical = normalise_range(text)
    assert normalise_range(canonical) == canonical
    assert contradictory(canonical) is contradictory(text)
    if not contradictory(text):
        assert relation(text, canonical) in {"within", "unknown"}


DIALECTS = ["pep440", "conda", "exact", "tag", "poetry", "semver", "interval", "any"]


@given(st.text(max_size=40), st.sampled_from(DIALECTS))
def test_any_text_is_read_or_refused(text: str, dialect: Dialect) -> None:
    try:
        canonical = normalise_range(text, dialect)
    except DescriptorInvalid:
        return
    assert normalise_range(canonical) == canonical
