"""The nightly job: from new CDR files to one table of labels, safe to kill and safe to run again.

What a steady night costs. Taking in a new day is in proportion to its rows, and to the days that its late rows belong
to; CDR files that are known by size and time of change are not even read. Everything else reads the contacts of the
windows (120 days by default, movement 13 weeks), so it grows with the windows and the numbers, not with the history:
circles, second numbers, families and account managers add up all days of their windows again each night, as a peer may
become or cease to be a stable one with any day that enters or leaves. Of earlier nights only results are read: the
labels and the families of the last one, the lists within the days of rest (180 days of them where there is feedback),
the figures of 30 nights, and with outcomes the labels of every other week of a year. Memory grows with the numbers and
their ties.
"""
