"""The registered model: rows of features in, ids and probabilities out.

MLflow runs this file to rebuild the model (models from code), so that no pickle is involved. It is
what `mlflow models serve` and `mlflow.pyfunc.load_model` run.
"""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from features.families import CATALOGUE
from models.bundle import Bundle, load


class ServedModel(PythonModel):
    """Risks of a bundle by contract_id; a feature that is missing or null is unknown, never 0."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load the bundle that was logged beside the model."""
        self.bundle: Bundle = load(Path(context.artifacts["bundle"]), catalogue=CATALOGUE)

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: Any = None
    ) -> pd.DataFrame:
        """Return one row per row of `model_input`: contract_id, risk, and the model's version."""
        del context, params
        rows = model_input.reindex(columns=list(self.bundle.columns)).astype("float64")
        return pd.DataFrame(
            {
                "contract_id": model_input["contract_id"].to_numpy(),
                "risk": self.bundle.explainer.explain(rows.to_numpy()).risk,
                "model_version": self.bundle.version,
            }
        )


mlflow.models.set_model(ServedModel())
