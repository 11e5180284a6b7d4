"""Plans: regimens that somebody proposes or gave, in the catalogue or not.

`reading` says what was written, `outside` judges what has no entry, `judgement` puts it in place.
"""
