"""Synthetic files: valid 834, 837P, 837I and 837D of any size, files with one chosen fault, and whole worlds.

Everything follows from a seed: no clock, no randomness of the process. Nobody real is in it: names are a few common
ones put together at random, and identifiers are of ranges that were never issued, where there are such.
"""
