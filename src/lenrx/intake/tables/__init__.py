"""What a file is, and where in it the table of patients begins.

Told from what stands in it, and said; two readings that differ are an error that names both.
"""
