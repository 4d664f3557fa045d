"""Account managers: off-net numbers that phone subscribers to win them over, and whom they approached."""
