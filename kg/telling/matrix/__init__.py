"""Tells the matrix of mismatches, elements and attributes."""
