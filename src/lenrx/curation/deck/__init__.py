"""The deck: patients made from the catalogue, and what has to be said of each.

What is expected is read from the same records by another way than `rules`, and shares none of its
evaluation, so that a fault in one of the two shows as a difference.
"""
