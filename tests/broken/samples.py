"""A small intact file of each format, with most of what its reader looks at."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
from pyarrow import parquet

DESCRIPTOR = b"""\
element: TrainedModel
name: churn
stated_by: data-scientist
complete: [required_languages, inputs]
model_name: Churn score
model_version: 1.10
training_date: 2024-03-18
ensemble: no
required_memory: 1.5 GiB
required_processors: 500m
observed_inference_time: 85 ms
required_languages: Python
required_software:
  - name: Scikit_Learn
    version_range: "== 1.4.2"
  - pandas>=1.5, <2
inputs:
  - {name: age, data_type: integer, nullable: false, minimum: 18}
  - {name: income, data_type: double}
trained_on: churn-train
"""

DESCRIPTOR_JSON = b"""\
{
  "element": "TrainedModel",
  "name": "churn",
  "stated_by": "data-scientist",
  "complete": ["inputs"],
  "required_memory": "16 GB",
  "inputs": [
    {"name": "age", "data_type": "integer", "minimum": 18},
    {"name": "income", "data_type": "double"}
  ],
  "required_software": [{"name": "scikit-learn", "version_range": "==1.4.2"}],
  "trained_on": ["churn-train"],
  "training_date": "2024-03-18"
}
"""

TURTLE = b"""\
@prefix mm: <https://w3id.org/ml-mismatch/> .

<churn> a mm:TrainedModel ;
    mm:statedBy mm:data-scientist ;
    mm:modelVersion "2.4.0" ;
    mm:requiredMemory 16000000000 ;
    mm:input [ mm:name "age" ; mm:dataType mm:integer ; mm:minimum 18e0 ] ;
    mm:requiredSoftware [ mm:name "scikit-learn" ; mm:versionRange "==1.4.2" ] ;
    mm:deployedIn <https://example.org/hosts#edge> .

<https://example.org/hosts#edge> a mm:OperationalEnvironment ;
    mm:availableMemory 8589934592 .
"""

TRIG = b"""\
@prefix mm: <https://w3id.org/ml-mismatch/> .

<projects/churn/descriptors/data/live.csv#observed> {
    <projects/churn/operational-data/live> a mm:OperationalData ;
        mm:numberOfInstances 9000 ;
        mm:field <projects/churn/operational-data/live/fields/age> .
    <projects/churn/operational-data/live/fields/age> a mm:Field ;
        mm:name "age" .
}
<projects/churn/descriptors/live.yaml> a mm:Descriptor ;
    mm:statedBy mm:operations ;
    mm:observed false .
"""

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_MM = b"<https://w3id.org/ml-mismatch/"
_INTEGER = b"<http://www.w3.org/2001/XMLSchema#integer>"

NTRIPLES = b"".join(
    [
        b"<https://example.org/m> " + _TYPE + b" " + _MM + b"TrainedModel> .\n",
        b"<https://example.org/m> " + _MM + b'requiredMemory> "16000000000"^^' + _INTEGER + b" .\n",
        b"<https://example.org/m> " + _MM + b"requiredSoftware> <https://example.org/sklearn> .\n",
        b"<https://example.org/sklearn> " + _MM + b'versionRange> "==1.4.2" .\n',
    ]
)

NQUADS = NTRIPLES.replace(b" .\n", b" <https://example.org/g> .\n")

JSONLD = b"""\
{
  "@context": "https://w3id.org/ml-mismatch/context.jsonld",
  "@id": "projects/churn/trained-model/churn",
  "@type": "TrainedModel",
  "required_memory": 16000000000,
  "required_processors": 500,
  "inputs": [{"@type": "Field", "name": "age"}],
  "deployed_in": [{"@id": "projects/churn/operational-environment/churn-service"}]
}
"""

SEI = b"""\
{
  "version": "1.2",
  "required_inference_time": {"time": 200, "unit": "Milliseconds"},
  "computing_resources": {"gpu": 1, "cpu": 4, "memory": "8.5", "storage": ""},
  "deployment_platform": "Kubernetes",
  "algorithm_metrics": [{"metric": "accuracy", "implementation": "Nightly job"}],
  "model_logs": [{"log": "requests", "implementation": "Sidecar"}],
  "documentation": [{"description": "Runbook", "location": "https://wiki.example.org/churn"}]
}
"""

MLMODEL = b"""\
artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.10.12
  sklearn:
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.4.2
mlflow_version: 2.9.2
run_id: 0a1b2c3d
signature:
  inputs: '[{"type": "double", "name": "age", "required": true}, {"type": "string",
    "name": "plan"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
utc_time_created: '2024-03-18 10:00:00.000000'
"""

CONDA = b"""\
name: churn
channels:
  - conda-forge
dependencies:
  - python=3.10.12
  - conda-forge::numpy >=1.2,<2
  - pip<=23.3
  - pip:
      - scikit-learn==1.4.2
      - mlflow[extras]==2.9.2 ; python_version >= "3.8"
"""

PYTHON_ENV = b"""\
python: 3.10.12
build_dependencies:
  - pip==23.3
dependencies:
  - scikit-learn==1.4.2
  - -r requirements.txt
"""

REQUIREMENTS = b"""\
# What the service needs.
--index-url https://packages.example.org/python
scikit-learn==1.4.2
pandas>=1.5,<2 ; python_version >= "3.8"
uvicorn[standard]~=0.27 \\
    --hash=sha256:0a1b
-r more.txt
git+https://example.org/churn.git#egg=churn
"""

PYPROJECT = b"""\
[build-system]
requires = ["hatchling"]

[project]
name = "churn"
requires-python = ">=3.10"
dependencies = [
  "scikit-learn==1.4.2",
  "pandas>=1.5,<2",
]

[project.optional-dependencies]
dev = ["pytest"]

[tool.poetry.dependencies]
python = "^3.10"
numpy = {version = "^1.26", optional = true}
torch = [{version = "2.1", markers = "x"}]
"""

PIPFILE = b"""\
[[source]]
url = "https://packages.example.org/python"

[packages]
scikit-learn = "==1.4.2"
pandas = {version = ">=1.5", markers = "python_version >= '3.8'"}

[dev-packages]
pytest = "*"

[requires]
python_version = "3.10"
"""

PIPFILE_LOCK = b"""\
{
  "_meta": {
    "hash": {"sha256": "0a1b"},
    "requires": {"python_version": "3.10"},
    "sources": []
  },
  "default": {
    "scikit-learn": {"hashes": ["sha256:0a1b"], "version": "==1.4.2"},
    "pandas": {"version": "==1.5.3", "markers": "python_version >= '3.8'"}
  },
  "develop": {"pytest": {"version": "==8.0.0"}}
}
"""

PIXI = b"""\
[workspace]
name = "churn"
channels = ["conda-forge"]

[dependencies]
python = "3.10.*"
numpy = {version = ">=1.26", channel = "conda-forge"}

[pypi-dependencies]
scikit-learn = "==1.4.2"
"""

POETRY_LOCK = b"""\
[[package]]
name = "scikit-learn"
version = "1.4.2"
description = "Learning"
optional = false
python-versions = ">=3.9"
files = [
    {file = "scikit.whl", hash = "sha256:0a1b"},
]

[package.dependencies]
numpy = ">=1.19.5"

[metadata]
lock-version = "2.0"
python-versions = "^3.10"
content-hash = "0a1b"
"""

UV_LOCK = b"""\
version = 1
requires-python = ">=3.10"

[[package]]
name = "scikit-learn"
version = "1.4.2"
source = { registry = "https://packages.example.org/python" }
dependencies = [
    { name = "numpy" },
]
wheels = [
    { url = "https://packages.example.org/scikit.whl", hash = "sha256:0a1b", size = 5 },
]
"""

CONDA_LOCK = b"""\
version: 1
metadata:
  platforms:
    - linux-64
package:
  - name: numpy
    version: 1.26.4
    manager: conda
    platform: linux-64
    url: https://packages.example.org/numpy-1.26.4-0.conda
  - name: scikit-learn
    version: 1.4.2
    manager: pip
    platform: linux-64
"""

PYTHON_VERSION = b"""\
# What pyenv installs.
3.11.6
"""

DOCKERFILE = b"""\
# syntax=docker/dockerfile:1
ARG TAG=3.11-slim
FROM python:${TAG} AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1
COPY requirements.txt ./
RUN pip install --prefix=/install -r requirements.txt && pip install "uvicorn==0.27.0"
FROM python:${TAG}
COPY --from=build /install /usr/local
COPY model /app/model
RUN <<EOF
pip install numpy==1.26.4
EOF
CMD ["uvicorn", "app:app"]
"""

COMPOSE = b"""\
services:
  api:
    build:
      context: .
      dockerfile: Dockerfile
    mem_limit: 512m
    cpus: 1.5
    volumes:
      - ./model:/model
  worker:
    image: python:3.11-slim
    deploy:
      resources:
        limits:
          cpus: "0.5"
          memory: 2G
        reservations:
          devices:
            - capabilities: [gpu]
              count: 1
  store:
    image: redis:7
volumes:
  data: {}
"""

KUBERNETES = b"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: churn
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          image: python:3.11-slim
          resources:
            requests:
              memory: 1Gi
            limits:
              memory: 8Gi
              cpu: 500m
              nvidia.com/gpu: 1
"""

WORKFLOW = b"""\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install pandas==2.2.0
"""

AZUREML = b"""\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
model:
  path: model/
environment:
  image: python:3.11-slim
  conda_file: conda.yaml
instance_count: 2
"""

PROMETHEUS = b"""\
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
groups:
  - name: model
    rules:
      - alert: AccuracyLow
        expr: model_accuracy < 0.9
"""

GRAFANA = b"""\
{
  "panels": [
    {
      "datasource": "prometheus",
      "title": "Requests",
      "targets": [{"expr": "rate(requests_total[5m])"}]
    }
  ]
}
"""

OPENAPI = b"""\
openapi: 3.0.3
info: {title: churn, version: 1.2.0}
paths:
  /predict:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [age]
              properties:
                age: {type: integer, minimum: 18}
"""

HELM = b"""\
replicaCount: 2
image:
  repository: registry.example.org/churn
  tag: "1.4.2"
resources:
  limits:
    cpu: 500m
    memory: 2Gi
"""

INFERENCE_SERVICE = b"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: churn
spec:
  predictor:
    timeout: 30
    model:
      modelFormat: {name: sklearn, version: "1"}
      storageUri: gs://models/churn
      resources:
        limits: {memory: 1Gi}
"""

REQUEST_SAMPLE = b"""\
{
  "dataframe_split": {
    "columns": ["age", "income"],
    "data": [[34, 41000.5], [51, null]]
  }
}
"""

CSV = b"""\
age,income,plan,since,active
34,41000.5,basic,2021-03-01,true
51,,pro,2019-11-17,false
28,38000,basic,2023-06-30,true
"""

CARD = b"""\
---
license: mit
library_name: sklearn
datasets: [acme/churn]
model-index:
- name: churn
  results:
  - dataset: {name: Churn, revision: 0a1b2c3d}
    metrics:
    - {type: accuracy, value: 0.91}
---

# Model Card for Churn

- **Version**: 1.2
- **Framework**: scikit-learn

| Metric | Value |
|--------|-------|
| Accuracy | 0.91 |
| F1 (class 1) | 88 % |

| Feature | Type | Unit |
|---------|------|------|
| income | float | EUR |

The data were split 80/20 for training and tests. The service needs at least 2 GB of RAM.
"""

METRICS = b"""\
{
  "accuracy": 0.91,
  "test": {"f1": 0.88, "loss": 0.2},
  "churned": {"precision": 0.9, "recall": 0.8, "f1-score": 0.85, "support": 40.0},
  "results": [{"metric": "MAE", "value": 1.5}]
}
"""

REPORT = b"""\
              precision    recall  f1-score   support

        left       0.91      0.95      0.93       420
      stayed       0.80      0.68      0.74       130

    accuracy                           0.89       550
   macro avg       0.86      0.82      0.83       550

ROC AUC: 0.912
"""

JSON_LINES = b"""\
{"age": 34, "income": 41000.5, "plan": "basic"}
{"age": 51, "income": null, "plan": "pro"}
{"age": 28, "income": 38000, "plan": "basic"}
"""

CROISSANT = b"""\
{
  "@context": {
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "recordSet": "cr:recordSet",
    "field": "cr:field",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}
  },
  "@type": "sc:Dataset",
  "conformsTo": "http://mlcommons.org/croissant/1.0",
  "name": "churn",
  "distribution": [{"@type": "cr:FileObject", "@id": "t", "contentUrl": "https://example.org/t.csv"}],
  "recordSet": [{"@id": "r", "field": [{"@id": "r/age", "name": "age", "dataType": "sc:Integer"}]}]
}
"""

FRICTIONLESS = b"""\
{
  "name": "churn",
  "resources": [
    {
      "name": "train",
      "path": "data/train.csv",
      "bytes": 120,
      "schema": {"fields": [{"name": "age", "type": "integer", "constraints": {"minimum": 18}}]}
    }
  ]
}
"""

EXPECTATIONS = b"""\
{
  "expectation_suite_name": "churn",
  "expectations": [
    {
      "expectation_type": "expect_column_values_to_be_between",
      "kwargs": {"column": "age", "min_value": 18, "max_value": 99}
    }
  ]
}
"""

EVIDENTLY = b"""\
{
  "metrics": [
    {"metric_id": "RowCount()", "value": 500},
    {"metric_id": "MinValue(column=age)", "value": 18}
  ]
}
"""

FAIR4ML = b"""\
{
  "model_name": "Churn score",
  "version": "1.2",
  "license": {"@id": "https://spdx.org/licenses/MIT.html"},
  "software": {"library": "scikit-learn", "version": "1.4.2"},
  "features": ["age", {"name": "income", "type": "float"}],
  "hyperparameters": {"max_depth": 3},
  "evaluation": {"test_size": 0.2, "accuracy": 0.91}
}
"""

MLTE = b"""\
{
  "header": {"identifier": "card.default", "type": "card"},
  "body": {
    "artifact_type": "card",
    "system": {"task": "Tell leaves apart", "problem_type": "Classification"},
    "data": [{"description": "Leaves", "labels": [{"name": "sick", "percentage": 20.0}]}],
    "model": {
      "output_specification": [{"name": "class", "type": "integer", "expected_values": "0..2"}],
      "production_compute_resources": {"cpu": "2", "main_memory": "512 MB"}
    }
  }
}
"""

CODEMETA = b"""\
{
  "@type": "SoftwareSourceCode",
  "programmingLanguage": {"name": "Python", "version": "3.11"},
  "softwareRequirements": ["numpy==1.26.4", {"name": "torch", "version": "2.3.0"}]
}
"""

RO_CRATE = b"""\
{
  "@graph": [
    {"@id": "./", "@type": "Dataset", "name": "Churn"},
    {"@id": "#python", "@type": "ComputerLanguage", "name": "Python", "version": "3.11.6"},
    {"@id": "#torch", "@type": ["SoftwareApplication"], "name": "torch", "softwareVersion": "2.3.0"}
  ]
}
"""

SETTINGS = b"""\
id: churn
roles:
  data/train.csv: TrainingData
  data/live.csv: OperationalData
elements:
  data/train.csv: customers
mappings:
  - {from: age, to: customer_age}
include: [outputs/*.csv]
exclude: [notebooks]
"""


def _parquet() -> bytes:
    table = pa.table(
        {
            "age": [34, 51, 28],
            "income": [41000.5, None, 38000.0],
            "plan": ["basic", "pro", "basic"],
            "active": [True, False, True],
            "tags": [["a"], [], ["b", "c"]],
        }
    )
    stream = BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


PARQUET = _parquet()

DVC = b"""\
stages:
  train:
    cmd: python src/train.py
    deps:
      - src/train.py
    params:
      - train.rate
    outs:
      - models/churn.pkl
"""

DVC_LOCK = b"""\
schema: '2.0'
stages:
  train:
    cmd: python src/train.py
    deps:
    - path: src/train.py
      hash: md5
      md5: 37a7c7f95b76445e4b19bbe7e6cb3ae3
      size: 1729
    params:
      params.yaml:
        train.rate: 0.1
    outs:
    - path: models/churn.pkl
      md5: 81c315c64fcfe80cd0c98a97213a0b63
      size: 104909
"""

DVC_FILE = b"""\
outs:
- md5: 0beb88d13295d0158f3e8285fc6e7d33
  size: 714757
  hash: md5
  path: train.csv
"""

MLFLOW_META = b"""\
artifact_uri: file:///home/anna/mlruns/0/0a1b2c3d4e5f60718293a4b5c6d7e8f9/artifacts
end_time: 1689541454814
experiment_id: '0'
run_id: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
status: 3
tags: []
"""

MLFLOW_METRIC = b"""\
1689541450000 0.61 1
1689541451000 0.74 2
1689541452000 0.83 3
"""

# What instructions of protocol 4 call a fitted tree of scikit-learn, without its arrays.
PICKLE = (
    b"\x80\x04\x8c\x15sklearn.tree._classes\x94\x8c\x16DecisionTreeClassifier\x94\x93\x94)\x81\x94"
    b"}\x94(\x8c\tmax_depth\x94K\x02\x8c\x10_sklearn_version\x94\x8c\x051.4.2\x94ub."
)


def skops(schema: bytes, name: str = "schema.json") -> bytes:
    """An archive of skops with that schema."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(name), schema, ZIP_DEFLATED)
    return stream.getvalue()


SKOPS_SCHEMA = b"""\
{"__class__": "DecisionTreeClassifier", "__module__": "sklearn.tree._classes",
 "__loader__": "ObjectNode", "content": {"__class__": "dict", "__module__": "builtins",
 "content": {"_sklearn_version": {"__class__": "str", "content": "\\"1.4.2\\""}}}}
"""
SKOPS = skops(SKOPS_SCHEMA)

EMISSIONS = b"""\
timestamp,project_name,run_id,duration,emissions,os,python_version,cpu_count,ram_total_size,on_cloud
2025-03-01T10:00:00,churn,5c7b1b61,10.5,1.6e-05,Linux-6.1,3.11.9,2,16.0,N
2025-03-02T10:00:00,churn,5c7b1b62,10.7,1.7e-05,Linux-6.1,3.11.9,2,16.0,N
"""


def onnx(graph: bytes = b"") -> bytes:
    """A model of ONNX: its format's release, its maker, then a graph of less than 128 bytes."""
    return b"\x08\x08\x12\x07example\x3a" + bytes([len(graph)]) + graph + b"\x42\x02\x10\x11"


# One input `age`, a tensor of 64-bit integers, for any number of records.
ONNX_INPUT = b"\x5a\x17\n\x03age\x12\x10\n\x0e\x08\x07\x12\n\n\x03\x12\x01N\n\x03\x08\xe8\x07"
ONNX = onnx(b"\x12\x05churn" + ONNX_INPUT)

CYCLONEDX = b"""\
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "components": [
    {
      "type": "machine-learning-model",
      "name": "churn",
      "version": "2.4.0",
      "hashes": [{"alg": "SHA-1", "content": "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}],
      "modelCard": {
        "modelParameters": {"task": "classification", "datasets": [{"name": "visits"}]},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "F1", "value": "0.9"}]}
      }
    }
  ]
}
"""

SPDX = b"""\
{
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    {
      "type": "ai_AIPackage",
      "spdxId": "urn:m",
      "name": "churn",
      "software_packageVersion": "2.4.0",
      "ai_metric": [{"type": "DictionaryEntry", "key": "F1", "value": "0.9"}]
    },
    {"type": "dataset_DatasetPackage", "spdxId": "urn:d", "name": "visits"},
    {"type": "Relationship", "relationshipType": "trainedOn", "from": "urn:m", "to": ["urn:d"]}
  ]
}
"""

MODEL_CARD_TOOLKIT = b"""\
{
  "schema_version": "0.0.2",
  "model_details": {"name": "Churn score", "version": {"name": "v1.3"}},
  "quantitative_analysis": {"performance_metrics": [{"type": "F1", "value": "0.9"}]},
  "considerations": {"limitations": [{"description": "Private customers only."}]}
}
"""

FACTSHEETS = b"""\
{
  "name": "Credit risk",
  "schemas": {
    "input": [{"fields": [{"name": "duration", "type": "integer", "nullable": false}]}],
    "output": [{"fields": [{"name": "risk", "type": {"type": "array"}}]}]
  }
}
"""
