"""Renderers: the same answer as a table, JSON, CSV or Markdown."""
