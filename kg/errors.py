"""Everything that can go wrong, in one tree whose first branch says whose fault it is.

    KgError
    ├── KnowledgeError        our own files are wrong
    │   ├── TermUndefined
    │   ├── PredicateMalformed
    │   └── QuestionMalformed
    ├── DescriptorError       what was given to us is wrong
    │   ├── FormatUnknown
    │   └── DescriptorInvalid
    ├── StoreError            the store failed
    │   ├── StoreUnreachable
    │   ├── DiskFull
    │   ├── QueryRefused
    │   ├── QueryFailed
    │   ├── QueryTimedOut
    │   ├── QueryTooLarge
    │   ├── QueryCancelled
    │   └── StoreBusy
    ├── JudgementError        a project could not be judged within its bounds
    │   ├── JudgementTimedOut
    │   └── JudgementTooLarge
    ├── CallFailed            a host elsewhere does not answer as it should
    │   └── CallTimedOut
    ├── ParameterInvalid      what a question was told is no value of its parameter
    ├── NotFound              what was asked for is not there
    └── NotAllowed            what was asked for is not this person's to have

No error here prints itself or ends the program; the doors decide what a person sees.
"""


class KgError(Exception):
    """Says what went wrong in one sentence, and the next step in another.

    >>> str(KgError("The project has no name", "Write `id:` into mismatch.yaml"))
    'The project has no name. Write `id:` into mismatch.yaml.'
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    @property
    def sentences(self) -> str:
        """What went wrong and the next step, without the place, for who shows that by itself."""
        return " ".join(_sentence(text) for text in (self.what, self.hint) if text)

    def __str__(self) -> str:
        return self.sentences


class KnowledgeError(KgError):
    """Our ontology, shapes or queries are wrong."""


class TermUndefined(KnowledgeError):
    """A name is used that the vocabulary does not declare."""


class PredicateMalformed(KnowledgeError):
    """A predicate's file does not say all it must, or says it wrongly."""


class QuestionMalformed(KnowledgeError):
    """A saved question's file does not say all it must, or says it wrongly."""


class DescriptorError(KgError):
    """A file or a value that was given to us is wrong, with its place where that is known.

    >>> str(DescriptorError("A quote is not closed", "Close it", line=3, file="conda.yaml"))
    'conda.yaml:3: A quote is not closed. Close it.'
    """

    def __init__(
        self, what: str, hint: str, *, line: int | None = None, file: str | None = None
    ) -> None:
        super().__init__(what, hint)
        self.line = line
        self.file = file

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        return f"{place}: {super().__str__()}" if place else super().__str__()


class FormatUnknown(DescriptorError):
    """No importer knows how to read the file."""


class DescriptorInvalid(DescriptorError):
    """The file is of a known kind, but broken, too large, or not what it says it is."""


class StoreError(KgError):
    """The store failed."""


class StoreUnreachable(StoreError):
    """The store does not answer."""


class DiskFull(StoreError):
    """There is no room on a disk for what is to be written."""


class QueryRefused(StoreError):
    """The store will not run the query."""


class QueryFailed(StoreError):
    """The store understands the query, and cannot do what it says."""


class QueryTimedOut(StoreError):
    """The query took longer than it may."""


class QueryTooLarge(StoreError):
    """The query took more memory than it may."""


class QueryCancelled(StoreError):
    """Somebody cancelled the query."""


class StoreBusy(StoreError):
    """So many queries wait already that no other is taken."""


class JudgementError(KgError):
    """A project could not be judged, or an archive not be unpacked."""


class JudgementTimedOut(JudgementError):
    """It took longer than it may."""


class JudgementTooLarge(JudgementError):
    """It took more memory than it may."""


class CallFailed(KgError):
    """A host elsewhere does not answer, or not as it should."""


class CallTimedOut(CallFailed):
    """It took longer than it may."""


class ParameterInvalid(KgError):
    """A parameter of a saved question is unknown, lacking, or given what is no value of it."""


class NotFound(KgError):
    """What was asked for is not there."""


class NotAllowed(KgError):
    """What was asked for is not this person's to read or change."""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
