"""Names in the spellings of charts: drugs, other treatments, findings of FISH, illnesses.

Here stand the words; the readers of cells beside this folder put them together with their marks.
"""
