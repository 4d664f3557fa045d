"""Presets: cities of one kind, as changes to the standard settings."""

from typing import Any

PRESETS: dict[str, dict[str, Any]] = {
    "standard": {},
    "easy": {
        "ties": {"acquaintances": 2.0, "one_off": 0.03, "close_couples": 0.03},
        "rhythm": {"on_share": 0.5},
        "population": {"arrivals": 0.03, "job_changes": 0.08},
        "second_numbers": {
            "moved_low": 0.65,
            "moved_high": 0.95,
            "modes": {
                "data_only": 0.15,
                "by_contact": 0.2,
                "by_direction": 0.1,
                "random": 0.1,
                "gradual": 0.25,
                "full": 0.2,
            },
        },
        "managers": {"careful": 0.1, "private_life": 0.1, "targets": 60.0},
        "lookalikes": {"insurers": 2.0},
    },
    "hard": {
        "ties": {"acquaintances": 5.0, "one_off": 0.08, "close_couples": 0.25, "closure": 0.35},
        "rhythm": {"on_share": 0.25},
        "population": {"arrivals": 0.15, "job_changes": 0.3, "moves": 0.12},
        "second_numbers": {
            "moved_low": 0.25,
            "moved_high": 0.75,
            "forwarding": 0.05,
            "other_document": 0.45,
            "same_handset": 0.4,
            "modes": {
                "data_only": 0.25,
                "by_contact": 0.25,
                "by_direction": 0.15,
                "random": 0.15,
                "gradual": 0.15,
                "full": 0.05,
            },
        },
        "managers": {"careful": 0.7, "private_life": 0.6, "targets": 28.0, "conversion": 0.15},
        "lookalikes": {"insurers": 12.0, "agents": 8.0, "recruiters": 5.0, "advisers": 4.0},
    },
    "sparse": {
        "days": 30,
        "ties": {
            "team_ties": 0.8,
            "coworkers": 2.5,
            "strength": {
                "spouse": 0.85,
                "household": 0.28,
                "elder": 0.22,
                "kin": 0.06,
                "friend": 0.09,
                "acquaintance": 0.025,
                "team": 0.3,
                "coworker": 0.06,
            },
        },
        "records": {
            "texts": False,
            "forwards": False,
            "durations": False,
            "cells": False,
            "handsets": False,
        },
    },
    "abroad": {
        "rhythm": {
            "unanswered": 0.12,
            "weekly_holidays": (4, 5),
            "holidays": (
                ("2025-09-23", "2025-09-23"),
                ("2025-12-02", "2025-12-03"),
                ("2026-03-19", "2026-03-22"),
            ),
            "hour_shift": 1.5,
            "text_share": 0.5,
            "call_median": 62.0,
        },
        "population": {
            "household_mix": {
                "single": 0.12,
                "couple": 0.12,
                "couple_child": 0.2,
                "couple_two_children": 0.28,
                "single_parent": 0.04,
                "three_generations": 0.2,
                "elder_couple": 0.03,
                "elder_single": 0.01,
            },
            "arpu_median": 130.0,
            "roaming": 0.6,
        },
        "operators": {
            "digits": 10,
            "ported": 0.02,
            "networks": (
                {
                    "name": "Home Mobile",
                    "service_line": "101",
                    "market_share": 0.46,
                    "prefixes": ("050", "056", "054"),
                },
                {
                    "name": "Second Telecom",
                    "service_line": "111",
                    "market_share": 0.34,
                    "prefixes": ("052", "055", "058"),
                },
                {
                    "name": "Third Wireless",
                    "service_line": "121",
                    "market_share": 0.2,
                    "prefixes": ("051", "053", "059"),
                },
            ),
        },
    },
}
