"""Finds mismatches between the parts of a machine-learning-enabled system."""

__version__ = "0.1.0"
