"""Words in headers and labels: what columns are called, and what rows say of kind and direction."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from circlegraph.cdr.events import CALL, CALLEE_LEG, CALLER_LEG, FORWARD, SMS

KIND_MISSED = 3

# Direction labels say at which end the row was recorded and, in some forms, the kind as well.
Direction = tuple[int, int | None]


def joined(*parts: str) -> tuple[str, ...]:
    """All names that take a word of each part in turn; - stands for no word.

    Examples
    --------
    >>> joined("caller calling", "- party", "number -")
    ('callernumber', 'caller', 'callerpartynumber', 'callerparty', 'callingnumber', 'calling', \
'callingpartynumber', 'callingparty')
    """
    return tuple("".join(words).replace("-", "") for words in product(*(part.split() for part in parts)))


_CALL = """
    call calls callrecord voice voicecall phonecall phone audio video videocall telephony
    anruf gespräch sprache telefonie appel voix llamada voz
    语音 通话 电话 语音通话 语音电话 视频通话
"""
_SMS = """
    sms smsrecord text texts textmessage message mms shortmessage p2psms a2psms 短信 彩信 短消息 点对点短信
"""
_FORWARD = """
    forward forwarding forwarded callforward callforwarding callforwarded forwardcallrecord cf cfw 呼转 前转
    呼叫转移 呼叫前转
"""
_MISSED = """
    missed missedcall unanswered noanswer rejected rejectedcall declined blocked voicemail 未接 未接来电 未接电话
    拒接
"""
_OUT = """
    ausgehend abgehend sortant émis saliente
    out outgoing outbound outcoming o mo moc originating originated orig sent send calling caller dialed
    dialled 主叫 呼出 去电 拨出 发送 发出
"""
_IN = """
    eingehend ankommend entrant reçu entrante recibida
    in incoming inbound inbox i mt mtc terminating terminated term received receive called callee 被叫 呼入 来电 接收
    收到 接听
"""
_LEGS = ((CALLER_LEG, _OUT), (CALLEE_LEG, _IN))
_KINDS = ((CALL, _CALL), (SMS, _SMS), (FORWARD, _FORWARD))


def _directions() -> dict[str, Direction]:
    """Words for a direction, with or without a word for the kind before or behind it."""
    words: dict[str, Direction] = {}
    for leg, way in _LEGS:
        for kind, what in _KINDS:
            words |= dict.fromkeys((*joined(way, what), *joined(what, way)), (leg, kind))
        words |= dict.fromkeys(joined(way, "- api dial trunk reply"), (leg, None))
    words |= dict.fromkeys(("smo", "outsms"), (CALLER_LEG, SMS)) | {"smt": (CALLEE_LEG, SMS)}
    words |= {"aout": (CALLER_LEG, None), "ain": (CALLEE_LEG, None)}
    return words | dict.fromkeys(_MISSED.split(), (CALLEE_LEG, KIND_MISSED))


DIRECTION_WORDS: Mapping[str, Direction] = _directions()

# A column of kinds may name the direction too, or nothing else: then the rows are calls.
KIND_WORDS: Mapping[str, int] = {
    **{word: CALL if kind is None else kind for word, (_, kind) in DIRECTION_WORDS.items()},
    **{word: kind for kind, words in _KINDS for word in words.split()},
    **dict.fromkeys(_MISSED.split(), KIND_MISSED),
}

_NO_CONTACT = """
    data gprs internet web packet packetdata mobiledata datasession ussd 数据 流量 上网
"""
NO_CONTACT_WORDS = frozenset(_NO_CONTACT.split())
"""Kinds of rows that are no contact of two people: known, so that they are rejected and not taken for calls."""

NUMBER = """
    number no num nbr msisdn isdn phonenumber phoneno phone telephonenumber telephone mobilenumber mobile
    subscriber - id idnumber address addr
"""
_PARTY = "- party subscriber user customer line"
FIRST_PARTY = (
    *joined("a", "party subscriber", NUMBER),
    *joined("anumber anum ano amsisdn msisdna numbera partya"),
)
"""Names that some use for the caller and some for the number whose records are listed."""
CALLERS = (
    *joined(
        "caller calling callfrom from originating originator originated orig origin source src sender",
        _PARTY,
        NUMBER,
    ),
    *FIRST_PARTY,
    *joined("主叫号码 主叫 主叫方 主叫方号码 主叫用户号码"),
    *joined("anrufer rufnummera arufnummer quellrufnummer appelant numéroappelant numeroappelant"),
    *joined("origen númeroorigen numeroorigen llamante"),
)
CALLEES = (
    *joined(
        "callee called callto finalcalled to terminating terminator terminated term destination dest dst "
        "recipient receiver receiving dialed dialled originalcalled",
        _PARTY,
        NUMBER,
    ),
    *joined("b otherb", "party subscriber", NUMBER),
    *joined(
        "bnumber bnum bno bmsisdn msisdnb numberb partyb target targetid tgt 被叫号码 被叫 被叫方 被叫方号码"
    ),
    *joined("被叫用户号码 dialeddigits"),
    *joined("angerufener rufnummerb brufnummer zielrufnummer appelé appele numéroappelé numeroappele"),
    *joined("destino númerodestino numerodestino llamado"),
)
OWNERS = (
    *joined("owner msisdn subscriber user subject participant ego targetaparty", NUMBER),
    *joined(
        "targetno targetnumber targetmsisdn number phonenumber 本机号码 本方号码 计费号码 用户号码 机主号码"
    ),
    *joined("本端号码 主号码"),
)
PEERS = (
    *joined(
        "peer other otherparty counterpart counterparty correspondent contact remote opposite alter", NUMBER
    ),
    *joined("hashnum 对方号码 对端号码 对端 对方电话 对方电话号码 对方手机号"),
)
DIRECTIONS = """
    direction calldirection inout callinout 呼叫方向 主被叫 呼叫类型 通话类型 通话方式 通信方式 呼叫方式
    calltype type recordtype 类型 richtung sens sentido dirección direccion
"""
STARTS = (
    *joined(
        "- call event record session cdr",
        "start begin setup initiation",
        "- datetime time timestamp stamp dt ts at",
        "- utc gmt local ms",
    ),
    *joined(
        "- call event record session cdr utc local unix epoch",
        "datetime timestamp time stamp dt ts epoch",
        "- utc gmt local ms",
    ),
    *joined("datetime time", "start begin", "- utc gmt local"),
    *joined("startedat dateandtime datereceived datetimeorigination originationtime when sentdate datesent"),
    *joined(
        "sentat answertime answerstamp connecttime datetimeconnect createdat datecreated 开始时间 通话开始时间"
    ),
    *joined("起始时间 通话起始时间 通话时间 呼叫时间 呼叫开始时间 发送时间 主叫时间"),
    *joined(
        "zeitstempel datumuhrzeit startzeit beginn dateheure horodatage début debut fechahora fechayhora inicio"
    ),
)
ENDS = (
    *joined(
        "- call event record session cdr",
        "end stop finish disconnect disconnected hangup release",
        "- datetime time timestamp stamp dt ts at",
        "- utc gmt local ms",
    ),
    *joined("datetime time date", "end stop disconnect"),
    *joined("endedat 结束时间 通话结束时间"),
)
DATES = (
    *joined("call start event record callstart session -", "date day"),
    *joined("date day", "start begin"),
    *joined("datum fecha 日期 通话日期 开始日期 起始日期 呼叫日期"),
)
CLOCKS = (
    *joined("- call start event record callstart begin callinitiation initiation", "time clock"),
    *joined(
        "uhrzeit beginn heure hora timestart timebegin timeofday hhmmss "
        "时间 通话时刻 开始时刻 通话时间 开始时间 起始时间 呼叫时间"
    ),
)
_LENGTHS = "duration dur length talktime talking conversationtime seconds"
SECONDS = (
    *joined(
        "billsec billseconds billableseconds billduration talktime talkduration conversationduration",
        "- s sec secs second seconds",
    ),
    *joined(
        "- call event talk voice",
        _LENGTHS,
        "- s sec secs second seconds insec insecs inseconds hhmmss hmmss mmss minsec",
    ),
    *joined("通话时长 时长 通信时长 持续时间 通话持续时间", "- 秒"),
    *joined("dauer gesprächsdauer durée duree duración duracion", "- s sek sec seg hhmmss"),
    *joined("sekunden secondes segundos"),
)
MINUTES = frozenset(
    (
        *joined("minutes dauermin duréemin dureemin duraciónmin duracionmin"),
        *joined("- call event talk voice", _LENGTHS, "min mins minute minutes inmin inmins inminutes"),
        *joined("通话时长 时长 通信时长 通话持续时间", "分 分钟"),
    )
)
"""Names of durations that are in minutes, whatever the form."""
TYPES = """
    kind calltype type eventtype servicetype usagetype service recordtype transactiontype interaction
    activitytype description verbindungsart art tipo 业务类型 话单类型 服务类型 通信类型 类型 通话类型 呼叫类型
"""
MESSAGES = """
    body message messagebody messagetext messagecontent text textmessage smstext smsbody content 短信内容 内容
"""
"""Columns of what a text says, which tell that there are texts."""
CELLS = """
    cell cellid cellglobalid cgi ecgi ci celltower celltowerid tower towerid antenna antennaid site siteid
    bts btsid basestation basestationid firstcell firstcellid firstcgi firstcellglobalid startcell startcellid
    小区 小区号 基站 基站号 基站编号 基站代码
"""
COUNTS = """
    count counts calls callcount countofcalls numberofcalls numcalls ncalls nocalls totalcalls n num
    times frequency freq weight occurrences 次数 通话次数 呼叫次数
"""
