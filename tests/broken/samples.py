"""A small intact file of each format, with most of what its reader looks at."""

from io import BytesIO

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
