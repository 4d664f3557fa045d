"""The forms of CDR files that are recognised by their header, one table entry each.

Header names are compared without case, spaces, underscores, hyphens and dots. A *role* is what a column
means to circlegraph:

====================================  ============================================================
role                                  meaning
====================================  ============================================================
caller, callee                        the two numbers
owner, peer, direction                the number whose record it is, the other one, who called whom
start, or date and clock              begin of the event
end                                   when it ended, where no column tells how long it took
duration, kind                        length; call, SMS or forward
text                                  what a text says: never read, but a sign that there are texts
count                                 how many calls a row stands for, in a table without times
caller_cell, callee_cell, owner_cell  base stations
owner_area                            area in which the cells of owners are numbered
caller_imei, callee_imei, owner_imei  handsets
forwarded_to                          target of a forward
====================================  ============================================================

Where a form's own column of directions, ends, durations, kinds or texts is not there, one of a common name is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from circlegraph.cdr import words
from circlegraph.cdr.events import CALL, CALLEE_LEG, CALLER_LEG, FORWARD, SMS

ROLES = (
    "caller",
    "callee",
    "owner",
    "peer",
    "direction",
    "start",
    "date",
    "clock",
    "end",
    "duration",
    "kind",
    "text",
    "count",
    "caller_cell",
    "callee_cell",
    "owner_cell",
    "owner_area",
    "caller_imei",
    "callee_imei",
    "owner_imei",
    "forwarded_to",
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes
    ----------
    name : str
    roles : mapping of role to header names
        Plain names in order of preference.
    marks : tuple of str
        Roles that must all be in the header for the form to be recognised.
    duration_unit : int
        Seconds of one unit of duration.
    kinds : mapping of label to kind
        Labels on top of the common words.
    directions : mapping of label to (leg, kind or None)
        Labels on top of the common words.
    owner_in_name : bool
        The owner is the file's stem.
    timed : bool
        Rows say when; else each stands for a count of calls at unknown times.
    """

    name: str
    roles: Mapping[str, tuple[str, ...]]
    marks: tuple[str, ...]
    duration_unit: int = 1
    kinds: Mapping[str, int] = field(default_factory=dict)
    directions: Mapping[str, words.Direction] = field(default_factory=dict)
    owner_in_name: bool = False
    timed: bool = True


CANONICAL = Form(
    name="canonical",
    roles={
        role: (role.replace("_", ""),)
        for role in ROLES
        if not role.startswith(("owner", "peer", "d", "clock", "end", "text", "count"))
    }
    | {"duration": ("duration",)},
    marks=("caller", "callee", "start"),
    kinds={"0": CALL, "1": SMS, "2": FORWARD},
)

BANDICOOT = Form(
    name="bandicoot",
    roles={
        "peer": ("correspondentid",),
        "direction": ("direction",),
        "start": ("datetime",),
        "duration": ("callduration",),
        "kind": ("interaction",),
        "owner_cell": ("antennaid", "placeid"),
    },
    marks=("peer", "direction", "start", "kind"),
    owner_in_name=True,
)

FLOWKIT = Form(
    name="flowkit",
    roles={
        "owner": ("msisdn",),
        "peer": ("msisdncounterpart",),
        "direction": ("outgoing",),
        "start": ("datetime",),
        "duration": ("duration",),
        "kind": ("eventtype",),
        "owner_cell": ("locationid", "cellid"),
        "owner_imei": ("imei",),
    },
    marks=("owner", "peer", "direction", "start"),
    duration_unit=60,
    directions={
        **dict.fromkeys(("t", "true", "1", "yes"), (CALLER_LEG, None)),
        **dict.fromkeys(("f", "false", "0", "no"), (CALLEE_LEG, None)),
    },
)

CIDER = Form(
    name="cider",
    roles={
        "caller": ("callerid",),
        "callee": ("recipientid",),
        "start": ("timestamp",),
        "duration": ("duration",),
        "kind": ("transactiontype", "txntype"),
        "caller_cell": ("callerantenna",),
        "callee_cell": ("recipientantenna",),
    },
    marks=("caller", "callee", "start"),
)

BASS = Form(
    name="bass",
    roles={
        "owner": ("productno", "msisdn"),
        "peer": ("oppregularnumber", "oppnumber", "oppositeno", "oppnoaccessnumber"),
        "direction": ("calltypeid",),
        "start": ("starttime",),
        "date": ("startdate",),
        "clock": ("starttime",),
        "duration": ("callduration",),
        "owner_cell": ("cellid", "cell", "ci"),
        "owner_area": ("lacid", "lac"),
        "owner_imei": ("imei",),
    },
    marks=("owner", "peer", "direction"),
    directions={
        "0": (CALLER_LEG, CALL),
        "1": (CALLEE_LEG, CALL),
        "2": (CALLER_LEG, FORWARD),
        "3": (CALLER_LEG, FORWARD),
        "4": (CALLER_LEG, SMS),
        "5": (CALLEE_LEG, SMS),
    },
)

THREE_GPP = Form(
    name="3gpp",
    roles={
        "caller": ("callingnumber", "callingpartynumber"),
        "callee": ("callednumber", "calledpartynumber"),
        "owner": ("servedmsisdn",),
        "direction": ("recordtype",),
        "start": ("answertime", "seizuretime", "originationtime", "eventtimestamp"),
        "duration": ("callduration",),
        "owner_cell": ("location", "cellidentifier", "cellid"),
        "owner_imei": ("servedimei",),
    },
    marks=("caller", "callee", "start"),
    directions={
        **dict.fromkeys(("0", "mocallrecord", "mocall", "moc"), (CALLER_LEG, CALL)),
        **dict.fromkeys(("1", "mtcallrecord", "mtcall", "mtc"), (CALLEE_LEG, CALL)),
        **dict.fromkeys(("6", "mosmsrecord", "mosms"), (CALLER_LEG, SMS)),
        **dict.fromkeys(("7", "mtsmsrecord", "mtsms"), (CALLEE_LEG, SMS)),
        **dict.fromkeys(("100", "forwardcallrecord", "callforwarding"), (CALLER_LEG, FORWARD)),
    },
)

SYNONYMS = Form(
    name="synonyms",
    roles={
        "caller": words.CALLERS,
        "callee": words.CALLEES,
        "owner": words.OWNERS,
        "peer": words.PEERS,
        "direction": tuple(words.DIRECTIONS.split()),
        "start": words.STARTS,
        "date": words.DATES,
        "clock": words.CLOCKS,
        "end": words.ENDS,
        "duration": (*words.SECONDS, *sorted(words.MINUTES)),
        "kind": tuple(words.TYPES.split()),
        "text": tuple(words.MESSAGES.split()),
        "caller_cell": (*words.joined("caller a", "cell antenna", "- id"), "cella", "主叫基站"),
        "callee_cell": (*words.joined("callee b", "cell antenna", "- id"), "cellb", "被叫基站"),
        "owner_cell": tuple(words.CELLS.split()),
        "owner_area": ("lac", "lacid", "tac", "位置区", "位置区码"),
        "caller_imei": ("callerimei", "aimei", "imeia"),
        "callee_imei": ("calleeimei", "bimei", "imeib"),
        "owner_imei": ("imei", "imeinumber", "imeino", "esnimei"),
        "forwarded_to": ("forwardedto", "forwardto"),
    },
    marks=(),
)

# What a phone, or a subscriber's bill, lists of itself: the other number, and whose it is by the file's name.
PHONE_LOG = Form(
    name="phone_log",
    roles={role: SYNONYMS.roles[role] for role in ("direction", "start", "date", "clock", "duration", "kind")}
    | {"peer": (*words.PEERS, *words.NUMBER.split(), *words.joined("电话号码 手机号码 号码"))},
    marks=("peer", "direction", "duration"),
    directions={
        "1": (CALLEE_LEG, None),
        "2": (CALLER_LEG, None),
        **dict.fromkeys("3456", (CALLEE_LEG, words.KIND_MISSED)),
    },
    owner_in_name=True,
)

TEXT_LOG = replace(
    PHONE_LOG,
    name="text_log",
    roles={**PHONE_LOG.roles, "text": SYNONYMS.roles["text"]},
    marks=("peer", "direction", "text"),
    directions={"1": (CALLEE_LEG, None), "2": (CALLER_LEG, None)},
)

# Calls summed per caller and callee: no times, no durations.
COUNTS = Form(
    name="counts",
    roles={role: SYNONYMS.roles[role] for role in ("caller", "callee", "kind")}
    | {"count": tuple(words.COUNTS.split())},
    marks=("caller", "callee", "count"),
    timed=False,
)

# In the order in which they are tried: the more particular first.
FORMS: tuple[Form, ...] = (
    CANONICAL,
    BANDICOOT,
    FLOWKIT,
    CIDER,
    BASS,
    THREE_GPP,
    SYNONYMS,
    PHONE_LOG,
    TEXT_LOG,
    COUNTS,
)
