"""Gaps: what the sections of a page are is said once, in `_sections`."""
