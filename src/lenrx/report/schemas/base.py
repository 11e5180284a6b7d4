"""What all documents share: no members but those declared, and that some may be left out."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema


class Closed(BaseModel):
    """A document that holds the members declared, and no others."""

    model_config = ConfigDict(extra="forbid")


Ids = Annotated[list[str], Field(examples=[["Kd", "DaraKd"]])]
"""Ids of regimens."""
ByCriterion = dict[str, Ids]
"""By the name of a criterion, the regimens."""
Missing = SkipJsonSchema[None]
"""Of a member that is left out where there is nothing to say."""
