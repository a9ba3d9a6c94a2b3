"""Reads YAML, JSON, TOML and text that strangers wrote: whole, with lines, or not at all.

Every reader is bounded in size, depth and number of nodes, constructs nothing but plain values, and
raises `DescriptorInvalid` with the line and the next step for whatever it cannot read. None of them
knows what the values mean.
"""

from kg.reading.building import Limits
from kg.reading.json import JSON_LIMITS, read_json
from kg.reading.text import decode, lines, read_bytes
from kg.reading.toml import TOML_LIMITS, read_toml
from kg.reading.tree import Tree, pointer
from kg.reading.yaml import YAML_LIMITS, read_yaml, read_yaml_all

__all__ = [
    "JSON_LIMITS",
    "TOML_LIMITS",
    "YAML_LIMITS",
    "Limits",
    "Tree",
    "decode",
    "lines",
    "pointer",
    "read_bytes",
    "read_json",
    "read_toml",
    "read_yaml",
    "read_yaml_all",
]
