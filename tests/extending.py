"""Two small extensions with namespaces of their own; the second reuses names of the first."""

from pathlib import Path

from kg import catalogue, vocabulary
from kg.detect import check
from kg.findings import Finding, ProjectReport
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

PREFIXES = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
VISION = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix vision: <https://example.org/vision#> .

dcterms:creator a owl:AnnotationProperty .

vision:ImageModel a owl:Class ;
    rdfs:subClassOf mm:TrainedModel ;
    rdfs:label "image model"@en ;
    skos:definition "A model that is given images."@en .

vision:Detector a owl:Class ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( vision:ImageModel
        [ a owl:Restriction ; owl:onProperty vision:findsBoxes ; owl:hasValue true ] ) ] ;
    rdfs:label "detector"@en ;
    skos:definition "An image model that finds things and where they are."@en .

vision:findsBoxes a owl:DatatypeProperty ;
    mm:single true ;
    rdfs:label "finds boxes"@en ;
    skos:definition "Whether it says where things are."@en ;
    skos:example "true" ;
    rdfs:domain vision:ImageModel ;
    rdfs:range xsd:boolean .

vision:cardMemory a owl:DatatypeProperty ;
    rdfs:subPropertyOf mm:requiredMemory ;
    rdfs:label "card memory"@en ;
    skos:definition "Memory that the model takes on the card."@en ;
    skos:example "16000000000" ;
    rdfs:domain vision:ImageModel .

vision:cardMemoryInGigabytes a owl:DatatypeProperty ;
    rdfs:subPropertyOf vision:cardMemory ;
    rdfs:label "card memory in gigabytes"@en ;
    skos:definition "The same, as vendors of cards write it."@en ;
    skos:example "16" ;
    mm:unit unit:GigaBYTE ;
    rdfs:range mm:quantity .

vision:neededPackage a owl:ObjectProperty ;
    mm:key "needed_packages" ;
    rdfs:subPropertyOf mm:requiredSoftware ;
    rdfs:label "needed package"@en ;
    skos:definition "A package without which no image can be read."@en ;
    skos:example "{name: pillow, version_range: '>=10'}" .

vision:channelOrder a owl:ObjectProperty ;
    mm:single true ;
    rdfs:label "channel order"@en ;
    skos:definition "In which order the colours of a pixel stand."@en ;
    skos:example "rgb" ;
    rdfs:domain vision:ImageModel ;
    rdfs:range vision:ChannelOrder ;
    mm:informs mm:trained-model-api-specifications ;
    mm:askedOf mm:data-scientist .

vision:ChannelOrder a owl:Class ;
    rdfs:subClassOf skos:Concept ;
    rdfs:label "channel order"@en ;
    skos:definition "An order of colours."@en .

vision:channelOrders a skos:ConceptScheme ; rdfs:label "channel orders"@en .

vision:rgb a vision:ChannelOrder ;
    skos:inScheme vision:channelOrders ;
    skos:prefLabel "RGB"@en ;
    skos:definition "Red, green, blue."@en .

vision:bgr a vision:ChannelOrder ;
    skos:inScheme vision:channelOrders ;
    skos:prefLabel "BGR"@en ;
    skos:definition "Blue, green, red."@en .

vision:edgeHost a owl:ObjectProperty ;
    rdfs:subPropertyOf mm:deployedIn ;
    rdfs:label "edge host"@en ;
    skos:definition "The model serves there, beside the camera."@en ;
    rdfs:domain vision:ImageModel ;
    rdfs:range mm:OperationalEnvironment .

vision:hosts a owl:ObjectProperty ;
    rdfs:subPropertyOf mm:link ;
    owl:inverseOf mm:deployedIn ;
    rdfs:label "hosts"@en ;
    skos:definition "The model serves in this environment."@en ;
    rdfs:domain mm:OperationalEnvironment ;
    rdfs:range mm:TrainedModel .
"""
SOUND = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sound: <https://example.org/sound/> .

dcterms:creator a owl:AnnotationProperty .

sound:SpeechModel a owl:Class ;
    rdfs:subClassOf mm:TrainedModel ;
    rdfs:label "speech model"@en ;
    skos:definition "A model that is given speech."@en .

sound:channelOrder a owl:DatatypeProperty ;
    mm:single true ;
    rdfs:label "channel order"@en ;
    skos:definition "In which order the microphones stand."@en ;
    skos:example "left first" ;
    rdfs:domain sound:SpeechModel ;
    rdfs:range xsd:string ;
    mm:askedOf mm:data-scientist .

sound:modelName a owl:DatatypeProperty ;
    mm:single true ;
    rdfs:label "stage name"@en ;
    skos:definition "What the model calls itself."@en ;
    skos:example "Echo" ;
    rdfs:domain sound:SpeechModel ;
    rdfs:range xsd:string .
"""
ORDERS = """#+ label: Colours stand in another order
#+ kind: comparison
#+ detects: [TM.ApiSpecifications]
#+ when: A model wants its colours in another order than red, green, blue.
#+ message: "The model wants {order}."
#+ hurts: The sky is orange.
#+ remedy: Turn the colours round.
#+ ask: {data-scientist: In which order do the colours stand?}
#+ severity: warning
#+ because: Some models do not mind.
#+ formal: IM.channelOrder ≠ rgb
#+ source: a researcher's own
PREFIX vision: <https://example.org/vision#>

SELECT DISTINCT ?subject ?order ?verdict WHERE {
  ?subject a vision:ImageModel .
  OPTIONAL { ?subject vision:channelOrder ?order }
  BIND(IF(BOUND(?order), IF(?order = vision:rgb, "clear", "mismatch"), "undecided") AS ?verdict)
}
"""

SHAPE = """
@prefix mms: <https://w3id.org/ml-mismatch/shapes/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix vision: <https://example.org/vision#> .

mms:card-too-large a sh:NodeShape , mm:Predicate ;
    rdfs:label "No card is that large"@en ;
    mm:kind "comparison" ;
    mm:detects "OE.ComputingResources" ;
    mm:when "A model takes more memory than any card has."@en ;
    sh:message "The model takes {cardMemory}."@en ;
    mm:hurts "It runs nowhere."@en ;
    mm:remedy "Split it."@en ;
    mm:ask "data-scientist: How much does it take?" ;
    sh:severity sh:Warning ;
    mm:because "Cards grow."@en ;
    mm:formal "IM.cardMemory > 200 GB" ;
    dcterms:source "a researcher's own"@en ;
    sh:targetClass vision:ImageModel ;
    sh:property mms:card-too-large-cardMemory .

mms:card-too-large-cardMemory a sh:PropertyShape ;
    sh:path vision:cardMemory ;
    sh:maxInclusive 200000000000 .
"""


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with the files in it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder


def vision(folder: Path, more: str = "") -> Path:
    """The first extension, with a predicate, below a folder."""
    files = {"ontology/vision.ttl": PREFIXES + VISION + more}
    files["queries/predicates/colours-turned.rq"] = ORDERS
    files["shapes/predicates/card-too-large.ttl"] = PREFIXES + SHAPE
    return written(folder / "vision", files)


def sound(folder: Path, text: str = SOUND) -> Path:
    """The second extension, below a folder."""
    return written(folder / "sound", {"ontology/sound.ttl": PREFIXES + text})


def reported(project: Path, *knowledge: Path) -> ProjectReport:
    """What is found in a project."""
    known = vocabulary.load(knowledge)
    workspace = Workspace(open_store("memory:"), known)
    found = catalogue.load(known, knowledge)
    return check([read_project(project, known, knowledge)], workspace, found).projects[0]


def project_of(files: dict[str, str], folder: Path, *knowledge: Path) -> tuple[Project, Vocabulary]:
    """A project with the files, read with extensions."""
    known = vocabulary.load(knowledge)
    return read_project(written(folder / "project", files), known, knowledge), known


def told_by(report: ProjectReport, predicate: str) -> list[Finding]:
    """The findings of one predicate."""
    return [finding for finding in report.findings if finding.predicate == predicate]
