"""Numba kernels: arrays in, arrays out; nothing else is imported here."""
