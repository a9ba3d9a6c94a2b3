"""Answers loan requests with the model in the folder beside it."""

import mlflow.pyfunc
import pandas as pd
from fastapi import FastAPI

app = FastAPI()
model = mlflow.pyfunc.load_model("model")


@app.post("/score")
def score(request: dict) -> dict:
    """The model's decision on one request."""
    return {"approved": int(model.predict(pd.DataFrame([request]))[0])}
