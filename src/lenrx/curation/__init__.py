"""What `lenrx check` holds a catalogue against: named checks, each with what it refuses.

Conditions are proved by trying every kind of patient that they can tell apart.
Nothing here is imported when a patient is answered.
"""
