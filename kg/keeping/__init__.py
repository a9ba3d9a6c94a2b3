"""Keeps projects for a service: judges what is put, remembers it in the history, and brings the
store to what the history says.

The history is what counts. A change is one transaction there, and then one in the store, which
notes beside the graphs of a project what they were made from. Where that differs from the history,
because the service was stopped between the two, `settle` puts the graphs again.
"""
