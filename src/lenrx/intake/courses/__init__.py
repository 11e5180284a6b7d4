"""Courses of treatment as charts and registries write them: names of columns, words, drugs, tables.

What they come to is derived in `patient`; here a course is made ready to be read there.
"""
