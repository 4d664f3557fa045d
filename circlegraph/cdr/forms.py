"""The forms of CDR files that are recognised by their header, one table entry each.

Header names are compared without case, spaces, underscores, hyphens and dots. A *role* is what a column
means to circlegraph:

====================================  ============================================================
role                                  meaning
====================================  ============================================================
caller, callee                        the two numbers
owner, peer, direction                the number whose record it is, the other one, who called whom
start, or date and clock              begin of the event
duration, kind                        length; call, SMS or forward
count                                 how many calls a row stands for, in a table without times
caller_cell, callee_cell, owner_cell  base stations
owner_area                            area in which the cells of owners are numbered
caller_imei, callee_imei, owner_imei  handsets
forwarded_to                          target of a forward
====================================  ============================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from circlegraph.cdr.events import CALL, CALLEE_LEG, CALLER_LEG, FORWARD, SMS

KIND_MISSED = 3

ROLES = (
    "caller",
    "callee",
    "owner",
    "peer",
    "direction",
    "start",
    "date",
    "clock",
    "duration",
    "kind",
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

# Direction labels say at which end the row was recorded and, in some forms, the kind as well.
Direction = tuple[int, int | None]


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
    directions: Mapping[str, Direction] = field(default_factory=dict)
    owner_in_name: bool = False
    timed: bool = True


KIND_WORDS: Mapping[str, int] = {
    **dict.fromkeys(("call", "calls", "voice", "voicecall", "phonecall", "语音", "通话", "电话"), CALL),
    **dict.fromkeys(("sms", "text", "texts", "message", "mms", "shortmessage", "短信", "彩信"), SMS),
    **dict.fromkeys(
        ("forward", "forwarding", "callforward", "callforwarding", "cf", "呼转", "呼叫转移"), FORWARD
    ),
    **dict.fromkeys(("missed", "missedcall", "unanswered", "noanswer", "未接"), KIND_MISSED),
}

DIRECTION_WORDS: Mapping[str, Direction] = {
    **dict.fromkeys(
        (
            "out",
            "outgoing",
            "outbound",
            "outcoming",
            "o",
            "mo",
            "moc",
            "sent",
            "calling",
            "主叫",
            "呼出",
            "去电",
        ),
        (CALLER_LEG, None),
    ),
    **dict.fromkeys(
        ("in", "incoming", "inbound", "i", "mt", "mtc", "received", "called", "被叫", "呼入", "来电"),
        (CALLEE_LEG, None),
    ),
    **dict.fromkeys(("missed", "missedcall", "未接"), (CALLEE_LEG, KIND_MISSED)),
}

CANONICAL = Form(
    name="canonical",
    roles={
        role: (role.replace("_", ""),)
        for role in ROLES
        if not role.startswith(("owner", "peer", "d", "clock", "count"))
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

_CALLERS = """
    caller callernumber callerid callerno callermsisdn callingnumber calling callingparty
    callingno callingmsisdn callfrom from fromnumber source src sourcenumber aparty apartynumber
    apartymsisdn anumber anum msisdna originating originatingnumber originator orig sender 主叫号码
    主叫 主叫方 主叫方号码
"""
_CALLEES = """
    callee calleenumber calleeid calleeno calleemsisdn callednumber called calledparty calledno
    calledmsisdn callto to tonumber destination dst dest destinationnumber bparty bpartynumber
    bpartymsisdn bnumber bnum msisdnb terminating terminatingnumber recipient recipientid
    receiver target dialednumber dialled 被叫号码 被叫 被叫方 被叫方号码
"""
_OWNERS = """
    owner ownernumber number msisdn phonenumber subscriber subscribernumber 本机号码 计费号码 用户号码
"""
_PEERS = """
    peer peernumber othernumber otherparty otherpartynumber counterpart counterparty
    correspondent correspondentid contactnumber 对方号码 对端号码 对端
"""
_DIRECTIONS = """
    direction calldirection inout 呼叫类型 通话类型 呼叫方向
"""
_STARTS = """
    start starttime startdatetime startedat timestamp datetime time calltime eventtime begin
    begintime calldatetime callstart callstarttime answertime 开始时间 通话开始时间 起始时间 通话时间 呼叫时间
"""
_DATES = """
    date startdate calldate callday eventdate 日期 通话日期 开始日期
"""
_CLOCKS = """
    time starttime calltime timeofday clock 时间 通话时刻 开始时刻
"""
_DURATIONS = """
    duration dur durations durationsec durationseconds seconds callduration calllength talktime
    billsec length 通话时长 时长 通话时长秒 持续时间
"""
_KINDS = """
    kind calltype type eventtype servicetype service recordtype transactiontype interaction 类型
    业务类型 话单类型
"""

SYNONYMS = Form(
    name="synonyms",
    roles={
        "caller": tuple(_CALLERS.split()),
        "callee": tuple(_CALLEES.split()),
        "owner": tuple(_OWNERS.split()),
        "peer": tuple(_PEERS.split()),
        "direction": tuple(_DIRECTIONS.split()),
        "start": tuple(_STARTS.split()),
        "date": tuple(_DATES.split()),
        "clock": tuple(_CLOCKS.split()),
        "duration": tuple(_DURATIONS.split()),
        "kind": tuple(_KINDS.split()),
        "caller_cell": ("callercell", "callercellid", "acell", "cella", "callerantenna", "主叫基站"),
        "callee_cell": ("calleecell", "calleecellid", "bcell", "cellb", "calleeantenna", "被叫基站"),
        "owner_cell": ("cell", "cellid", "antennaid", "小区"),
        "owner_area": ("lac", "lacid", "位置区"),
        "caller_imei": ("callerimei", "imeia"),
        "callee_imei": ("calleeimei", "imeib"),
        "owner_imei": ("imei",),
        "forwarded_to": ("forwardedto", "forwardto"),
    },
    marks=(),
)

_COUNTS = """
    count counts calls callcount countofcalls numberofcalls numcalls ncalls nocalls totalcalls n num
    times frequency freq weight occurrences 次数 通话次数 呼叫次数
"""

# Calls summed per caller and callee: no times, no durations.
COUNTS = Form(
    name="counts",
    roles={role: SYNONYMS.roles[role] for role in ("caller", "callee", "kind")}
    | {"count": tuple(_COUNTS.split())},
    marks=("caller", "callee", "count"),
    timed=False,
)

# In the order in which they are tried: the more particular first.
FORMS: tuple[Form, ...] = (CANONICAL, BANDICOOT, FLOWKIT, CIDER, BASS, THREE_GPP, SYNONYMS, COUNTS)
