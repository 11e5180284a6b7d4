"""The catalogue itself: as lists, as the network of its comparisons, and what it is for."""
