"""What stands in the paths of addresses, in the words of the description of the API."""

from typing import Annotated

from fastapi import Path

from kg.service.access.people import Person

ProjectId = Annotated[str, Path(description="The id of a project", examples=["loan-approval"])]
FilePath = Annotated[
    str,
    Path(
        description="The path of a file below its project; slashes in it may stand as they are",
        examples=["model/conda.yaml"],
    ),
]
DescriptorName = Annotated[
    str,
    Path(
        description="The name that a descriptor was put by, or the path of a source of the project",
        examples=["trained-model"],
    ),
]
Fingerprint = Annotated[str, Path(description="What a finding is known by, in all revisions")]
_PERSON = Path(description="The name of a person", examples=["ada@example.org"])
PersonName = Annotated[str, _PERSON]
NewPerson = Annotated[Person, _PERSON]
TokenId = Annotated[str, Path(description="The id of a token, which is not its secret")]
QueryId = Annotated[str, Path(description="The id that a query was given, or was sent with")]
PredicateId = Annotated[
    str, Path(description="The id of a predicate", examples=["resources-exceed-operations"])
]
MismatchCode = Annotated[
    str, Path(description="The code of a mismatch", examples=["OE.ComputingResources"])
]
ElementName = Annotated[str, Path(description="The name of an element", examples=["TrainedModel"])]
ShapesName = Annotated[
    str,
    Path(
        description="`predicates`, or `values/` or `stated/` and the name of an element",
        examples=["values/TrainedModel"],
    ),
]
