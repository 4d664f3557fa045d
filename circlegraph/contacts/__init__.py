"""Contacts of pairs of numbers, summed over windows of time."""
