"""What the options of `lenrx batch` come to: the files that come in, how they are read, the page.

The command stands in `cli/batch.py`; everything else of it is here, a part in each file.
"""
