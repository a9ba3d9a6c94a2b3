"""Reads Azure Machine Learning's YAML: where a model is deployed, with which environment and how
many machines, and which steps a pipeline puts before the model.

What a kind of machine has, and what is registered under a name, is not in the files. Endpoints and
jobs that only train say nothing here.
"""

import re

from kg.importers import _azureml_deployments, _azureml_pipelines
from kg.importers._azureml_deployments import take_deployment, take_environment, take_model
from kg.importers._azureml_pipelines import take_component, take_pipeline
from kg.importers._environments import shortened
from kg.importers._images import ATTRIBUTES as OF_IMAGES
from kg.importers._manifests import Manifest
from kg.importers._mappings import mapping
from kg.reading import read_yaml
from kg.statements import Reading, Source

TITLE = "Azure Machine Learning (deployments, environments, models, components, pipelines in YAML)"
BY_CONTENT = True
FILES = "YAML files with a `$schema` of Azure Machine Learning"
STATES = frozenset(
    {
        *_azureml_deployments.ATTRIBUTES.values(),
        *_azureml_pipelines.ATTRIBUTES.values(),
        OF_IMAGES["accelerator"],
        *("availableAccelerator", "availableGpus", "availableMemory", "availableProcessors"),
        *("availableFramework", "availableLanguage", "availableSoftware", "name", "versionRange"),
    }
)

_SUFFIXES = {".yaml", ".yml"}
_SCHEMA = re.compile(
    rb"""^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)?["']?\$schema["']?\s*:\s*["']?https?://azureml(?:schemas\.|/)[^\s"']*/(\w+)\.(?:schema\.)?json""",
    re.MULTILINE | re.IGNORECASE,
)
_TAKEN = {
    "batchdeployment": take_deployment,
    "commandcomponent": take_component,
    "environment": take_environment,
    "kubernetesonlinedeployment": take_deployment,
    "managedonlinedeployment": take_deployment,
    "model": take_model,
    "modelbatchdeployment": take_deployment,
    "parallelcomponent": take_component,
    "pipelinecomponent": take_pipeline,
    "pipelinecomponentbatchdeployment": take_deployment,
    "pipelinejob": take_pipeline,
}


def claims(source: Source) -> bool:
    """Whether the first bytes name a schema of Azure Machine Learning."""
    if source.suffix not in _SUFFIXES:
        return False
    # Words are found far sooner than patterns.
    return b"azureml" in source.plain.lower() and bool(_SCHEMA.search(source.plain))


def read(source: Source) -> Reading:
    """What the file describes, by its schema."""
    tree = read_yaml(source.text())
    whole, notes = mapping(tree, "The file is not a mapping", "Write it as its schema asks")
    manifest = Manifest(tree, (), whole, notes, str(source.path))
    found = _SCHEMA.search(source.plain)
    kind = found[1].decode() if found else ""
    take = _TAKEN.get(kind.lower())
    if take:
        take(manifest, source.folder)
    else:
        because = f"{shortened(kind)} describes neither where nor how a model serves"
        manifest.pass_over(because, manifest.at("$schema"))
    return notes.reading(source.path)
