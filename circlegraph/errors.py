"""Errors of circlegraph: each is one sentence that says what is wrong, where, and what to do.

No error text holds a phone number that the user did not pass in: CDRs are personal data and
messages end up in logs.
"""


class CirclegraphError(Exception):
    """Base of every error that circlegraph raises on purpose; command line and notebooks show it as one sentence."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback; ``error.__traceback__`` has that still."""
        return [f"{type(self).__name__}: {self}"]


class InputError(CirclegraphError):
    """An input file or table cannot be used; names the file and, where known, line, column and value."""


class UnknownFormError(InputError):
    """No recognised CDR form fits a header; names the columns seen and the nearest form."""


class SettingsError(CirclegraphError):
    """Settings that make no sense; lists all that is wrong at once."""


class StoreError(CirclegraphError):
    """A contact store is missing, damaged, of another version, or in use by another writer."""


class CirclegraphWarning(UserWarning):
    """Something in the input makes the result less than it might be; the command line shows it in one line."""


class NobodyListedWarning(CirclegraphWarning):
    """None of the listed subscribers is in the data; commands that judge subscribers end with it."""


class UnknownEntriesWarning(CirclegraphWarning):
    """Entries or rows of a customer table make no sense; many stages of a night read them, and one tells of them."""
