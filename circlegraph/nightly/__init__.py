"""The nightly job: from new CDR files to one table of labels, safe to kill and safe to run again."""
