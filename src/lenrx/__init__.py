"""Which regimens are still open when multiple myeloma is refractory to lenalidomide.

As a library: `from lenrx import Patient, assess, load_catalogue`, and
`assess(load_catalogue(), Patient(refractory=["lenalidomide", "PI"], egfr=25))`.
`docs/library.md` shows the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lenrx.batch.shown import spelled
    from lenrx.catalogue.field_kinds import Range
    from lenrx.catalogue.formulary import Formulary, FormularyError, load_formulary
    from lenrx.catalogue.loading import Catalogue
    from lenrx.catalogue.loading import load as load_catalogue
    from lenrx.catalogue.names import UnknownName
    from lenrx.catalogue.records import CatalogueError
    from lenrx.cli.clock import assess, with_treatments
    from lenrx.patient.patient import Patient, PatientError
    from lenrx.patient.warnings import PatientWarning
    from lenrx.rules.answer import Answer, Assessment, Question
    from lenrx.rules.differences import Difference, differences
    from lenrx.rules.filters import Finding

__version__ = "0.2.0.dev0"
__all__ = [
    "Answer",
    "Assessment",
    "Catalogue",
    "CatalogueError",
    "Difference",
    "Finding",
    "Formulary",
    "FormularyError",
    "Patient",
    "PatientError",
    "PatientWarning",
    "Question",
    "Range",
    "UnknownName",
    "__version__",
    "assess",
    "differences",
    "load_catalogue",
    "load_formulary",
    "spelled",
    "with_treatments",
]

_PLACES: Final = {
    # One patient
    "Answer": "rules.answer.Answer",
    "Assessment": "rules.answer.Assessment",
    "Catalogue": "catalogue.loading.Catalogue",
    "CatalogueError": "catalogue.records.CatalogueError",
    "Difference": "rules.differences.Difference",
    "Finding": "rules.filters.Finding",
    "Formulary": "catalogue.formulary.Formulary",
    "FormularyError": "catalogue.formulary.FormularyError",
    "Patient": "patient.patient.Patient",
    "PatientError": "patient.patient.PatientError",
    "PatientWarning": "patient.warnings.PatientWarning",
    "Question": "rules.answer.Question",
    "Range": "catalogue.field_kinds.Range",
    "UnknownName": "catalogue.names.UnknownName",
    "assess": "cli.clock.assess",
    "differences": "rules.differences.differences",
    "load_catalogue": "catalogue.loading.load",
    "load_formulary": "catalogue.formulary.load_formulary",
    "with_treatments": "cli.clock.with_treatments",
    "spelled": "batch.shown.spelled",
}
"""Where each public name is at home; a new one stands here, in `__all__` and among the imports."""


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for: the program starts without it."""
    if name not in _PLACES:
        raise AttributeError(f"module 'lenrx' has no attribute {name!r}")
    from importlib import import_module

    module, _, own = _PLACES[name].rpartition(".")
    found = globals()[name] = getattr(import_module(f"lenrx.{module}"), own)
    return found


def __dir__() -> list[str]:
    """What tab completion offers: the public names, imported yet or not."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
