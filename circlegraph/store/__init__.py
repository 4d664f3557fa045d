"""The contact store: one day appended a night."""
