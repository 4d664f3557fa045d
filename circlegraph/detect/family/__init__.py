"""Families: who belongs together, who is the key person, and what each one is to him."""
