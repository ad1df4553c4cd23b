"""Recorded runs once more: as they were, on the data of now, or from a step on."""
