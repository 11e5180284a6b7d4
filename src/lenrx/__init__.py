"""Which regimens are still open when multiple myeloma is refractory to lenalidomide."""

__version__ = "0.1.0"
