"""Processes that judge projects and unpack archives, so that they can be killed.

The service starts a nursery (`python -m kg.judges`), which loads all that projects are judged by
and then makes a process for each task by forking: whatever a task takes goes with it.
"""
