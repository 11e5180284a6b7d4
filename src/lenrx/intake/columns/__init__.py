"""Columns of a table: what a header says, what a map says of it, and what its cells then state.

A proposal of a map is only ever shown; what is read without a map is certain by name and unit.
"""
