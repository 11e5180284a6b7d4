"""The first screen: the answer on a terminal, for a reader who has a few minutes.

What is open stands in `table`, the rest of the answer in `pending`.
Their brief words stand in `figures`, `brief` and `against`.
"""
