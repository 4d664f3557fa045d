"""The installed version."""


def version() -> str:
    """Version of circlegraph, as its package metadata tell it."""
    from importlib.metadata import version as installed

    return installed("circlegraph")
