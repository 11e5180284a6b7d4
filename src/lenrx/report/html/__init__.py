"""An answer, or a cohort, as one page for people: it needs no network and prints well.

`page` and `cohort` fill the templates beside them; the figures are drawn by hand in `svg`.
Needs Jinja2, the extra `report`; nothing is decided here.
"""
