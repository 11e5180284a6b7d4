"""The published schemas, by the word that `lenrx schema` takes."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import BaseModel

from lenrx.report.schemas.answer import Recommendation
from lenrx.report.schemas.catalogue import Drug, Network, Regimen, Source
from lenrx.report.schemas.cohort import Change, Shown, Summary
from lenrx.report.schemas.manifest import Manifest
from lenrx.report.schemas.patient import Patient
from lenrx.report.schemas.plan import Plan, PlanRecord
from lenrx.report.schemas.rows import Legend, Result

DOCUMENTS: Final[dict[str, type[BaseModel]]] = {
    "patient": Patient,
    "recommendation": Recommendation,
    "plan": Plan,
    "plan-record": PlanRecord,
    "result": Result,
    "legend": Legend,
    "manifest": Manifest,
    "shown": Shown,
    "summary": Summary,
    "diff": Change,
    "regimen": Regimen,
    "drug": Drug,
    "source": Source,
    "network": Network,
}
"""The documents, each by its name."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document."""
    found = _without_defaults(DOCUMENTS[name].model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _without_defaults(schema: Any) -> Any:
    """A schema without the nulls of members that are left out where there is nothing to say."""
    if isinstance(schema, list):
        return [_without_defaults(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: each for key, each in schema.items() if key != "default" or each is not None}
    return {key: _without_defaults(each) for key, each in said.items()}


def written(name: str) -> str:
    """The schema as text."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False)
