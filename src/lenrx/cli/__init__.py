"""The commands, one file each, with the options and the terminal that they share.

The only room that prints or reads a clock.
An error is one line: what is wrong, where, what to do.
"""
