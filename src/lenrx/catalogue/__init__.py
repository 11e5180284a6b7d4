"""What is known: drugs, trials, regimens and sources, read from strict YAML.

The vocabulary, the records and the conditions that the YAML may use stand here too.
Nothing here knows of a patient.
"""
