"""The engine: answers for many patients, the same as those of `lenrx.rules.assess`.

What patients are alike in is worked out once by the plain filters and looked up for the others.
The legend says what the ids in its results stand for.
"""
