"""Contact circles, the communication index, stable peers, indicators."""
