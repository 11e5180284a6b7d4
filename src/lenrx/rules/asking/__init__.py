"""What to ask next about one patient: which questions are open, which answers each may have, how
many verdicts these would change, and how an answer is read.
"""
