"""``python -m circlegraph``: the same as the command ``circlegraph``."""

from circlegraph.cli import main

if __name__ == "__main__":
    main()
