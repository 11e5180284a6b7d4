"""From a patient to verdicts: the filters in order, labels, evidence, order, open questions.

One patient and one regimen at a time, pure, without a clock; `assess` puts the answer together.
A rule of medicine that is not in the YAML lives here.
"""
