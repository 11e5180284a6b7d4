"""One regimen in full for one patient, and some of them side by side.

What both say alike stands in `words`, `figures` and `positions`.
"""
