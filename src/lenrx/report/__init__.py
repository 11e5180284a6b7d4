"""An answer as a table, JSON, CSV or Markdown, and the catalogue as lists.

Only readers of answers: nothing is decided here.
Phrases that several forms share stand in `phrases`.
"""
