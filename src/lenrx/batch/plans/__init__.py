"""The plans of many patients: what each row was given or is to be given, judged.

Only a table with such a column pays for it; the engine knows nothing of plans.
"""
