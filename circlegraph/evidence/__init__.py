"""From evidence to probability: bands, match weights learned without labels, reasons in words."""
