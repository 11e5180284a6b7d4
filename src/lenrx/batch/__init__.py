"""Many patients: the engine of `lenrx batch`, its results with their legend, runs into files.

The engine gives the same answers as `lenrx.rules.assess`, which stays its measure.
Results are written, resumed, summed up and compared here.
"""
