"""From files to patients: tables, JSON, patient files, column maps, and cells as charts write them.

A cell is read or refused, never guessed; every reading that is not literal is said.
Nothing here knows of regimens' rules.
"""
