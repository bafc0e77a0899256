"""A world: an employer's members, providers, contracts, fees and trading partners, and the files they send.

Everything refers to everything else, and what must become of every claim is known beforehand.
"""
