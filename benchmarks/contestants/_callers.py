"""What the contestants of the callers' race share: the job, and how the answer is written.

The job, from events as they stand: of every number that called or texted at least `LEAST_CALLEES` others

callees         how many these are
first_contacts  share of those it was in contact with, either way, who first heard from it: it made the first event of
                the two (of two in the same second the one with the shorter duration is the first)
week 0, 1, ...  of each week the days with contact, either way, summed over its peers, where there are any; the
                `WEEKS` weeks of seven days are counted back from the end of the data

Result: `number`, `figure`, `value`. circlegraph judges numbers with so many callees too: it is its own constant.
"""

from benchmarks import task

LEAST_CALLEES = 8
WEEKS = task.DAYS // 7
BEGIN = task.FIRST + (task.DAYS - 7 * WEEKS) * task.DAY_SECONDS
"""When week 0 begins."""
