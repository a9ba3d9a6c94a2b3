"""The process that answers one question at a time, so that it can be killed when it takes too long.

The service starts a nursery (`python -m kg.answering`), which makes such processes by forking, and
has a connection with each: a frame is four bytes of length, that much JSON, and, in an answer, the
body whose size the JSON tells. A question names a checkpoint of the store, which is opened once and
kept until another is named.

Nothing is imported here but Oxigraph, because a process must be ready within milliseconds.
"""
