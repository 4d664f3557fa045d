"""Names and codes that the parts of the city share."""

TIE_KINDS = ("spouse", "household", "elder", "kin", "friend", "acquaintance", "team", "coworker")
SPOUSE, HOUSEHOLD, ELDER, KIN, FRIEND, ACQUAINTANCE, TEAM, COWORKER = range(8)

MODES = ("data_only", "by_contact", "by_direction", "random", "gradual", "full")
DATA_ONLY, BY_CONTACT, BY_DIRECTION, RANDOM, GRADUAL, FULL = range(6)

LOOKALIKES = (
    *("courier", "insurer", "hotline", "bank", "taxi", "estate_agent", "service_line"),
    *("recruiter", "adviser", "voicemail", "consultant"),
)
COURIER, INSURER, HOTLINE, BANK, TAXI, ESTATE_AGENT, SERVICE_LINE, RECRUITER, ADVISER, VOICEMAIL = range(10)
CONSULTANT = 10

CAUSES = ("own_choice", "manager", "group", "number_change", "held")
OWN_CHOICE, MANAGER, GROUP, NUMBER_CHANGE, HELD = range(5)

ADULT, PARTNER, CHILD, OLD, SERVICE = range(5)

CALL, SMS, FORWARD = range(3)
RECORD_KINDS = ("call", "sms", "forward")

NEVER = 30_000
"""A day that no window reaches: what never begins, or never ends."""
