"""What is stated about one patient, and what follows from it without any regimen.

Stated fields and their readers; the resistance state, renal function and prior lines derived.
A value that is missing stays missing.
"""
