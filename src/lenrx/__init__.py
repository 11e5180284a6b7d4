"""Which regimens are still open when multiple myeloma is refractory to lenalidomide.

As a library: `from lenrx import Patient, assess, load_catalogue`, and
`assess(load_catalogue(), Patient(refractory=("lenalidomide", "PI"), egfr=25))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lenrx.catalogue.loading import load as load_catalogue
    from lenrx.patient.patient import Patient, PatientError
    from lenrx.rules.assessment import assess

__version__ = "0.1.0"
__all__ = ["Patient", "PatientError", "__version__", "assess", "load_catalogue"]


def __getattr__(name: str) -> Any:
    """What the library offers, imported when it is asked for: the program starts without it."""
    from importlib import import_module

    places = {"assess": "rules.assessment", "load_catalogue": "catalogue.loading"}
    if name in __all__:
        module = import_module(f"lenrx.{places.get(name, 'patient.patient')}")
        return getattr(module, "load" if name == "load_catalogue" else name)
    raise AttributeError(f"module 'lenrx' has no attribute {name!r}")
