"""Forms of CDR files: the canonical columns as Parquet or CSV, and the forms of other tools."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from circlegraph.synth.files import replacing, write_csv, write_parquet
from circlegraph.synth.legs import FORWARDED, IN, OUT, legs

COUNTED = ["caller", "callee", "kind"]
"""What the rows of a table of counts tell apart."""


class Form(Protocol):
    """Writes days into a folder; `write` may be called from several threads, `finish` once at the end."""

    def write(self, name: str, table: Any) -> None:
        """Write one table of canonical records under a name such as ``2025-09-01``."""

    def finish(self) -> None:
        """Complete what needs all days."""


class Daily:
    """One file a day: a function turns canonical records into columns, another one writes them."""

    def __init__(self, folder: Path, own: Any, suffix: str, columns: Callable[[Any, Any], Any]) -> None:
        self.folder, self.own, self.suffix, self.columns = folder, own, suffix, columns

    def write(self, name: str, table: Any) -> None:
        """Write one day."""
        path = self.folder / f"{name}.{self.suffix}"
        made = self.columns(table, self.own)
        if self.suffix == "parquet":
            write_parquet(path, [made])
        else:
            write_csv(path, made)

    def finish(self) -> None:
        """Nothing is left to do."""


class Bandicoot:
    """One CSV file per own number over all days; for small cities, as all records are held in memory."""

    def __init__(self, folder: Path, own: Any) -> None:
        self.folder, self.own = folder, own
        self.days: dict[str, Any] = {}

    def write(self, name: str, table: Any) -> None:
        """Keep one day until the end."""
        self.days[name] = legs(table, self.own)

    def finish(self) -> None:
        """Write a file for each number that has records."""
        import pyarrow as pa

        frame = pa.concat_tables([self.days[name] for name in sorted(self.days)]).to_pandas()
        texts = frame["kind"] == "sms"
        lines = frame.assign(
            interaction=texts.map({True: "text", False: "call"}),
            direction=frame["leg"].map({OUT: "out", IN: "in", FORWARDED: "in"}),
            correspondent_id=frame["peer"],
            datetime=frame["start"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            call_duration=frame["duration"].astype("Int64").mask(texts),
            antenna_id=frame["cell"],
        )
        wanted = ["interaction", "direction", "correspondent_id", "datetime", "call_duration", "antenna_id"]
        for number, rows in lines.groupby("owner"):
            with replacing(self.folder / f"{number}.csv") as temporary:
                rows[wanted].to_csv(temporary, index=False)


class Counts:
    """One CSV file for the whole window: how often each number phoned and texted each other one, without times."""

    def __init__(self, folder: Path, own: Any) -> None:  # noqa: ARG002
        self.folder = folder
        self.days: dict[str, Any] = {}

    def write(self, name: str, table: Any) -> None:
        """Keep the sums of one day until the end."""
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = pc.equal(table["kind"].cast(pa.string()), "sms")
        kinds = pc.if_else(texts, "sms", "call")
        pairs = pa.table({"caller": table["caller"], "callee": table["callee"], "kind": kinds})
        self.days[name] = pairs.group_by(COUNTED).aggregate([([], "count_all")])

    def finish(self) -> None:
        """Add the days up; in order of caller and callee."""
        import pyarrow as pa

        every = pa.concat_tables([self.days[name] for name in sorted(self.days)])
        total = every.group_by(COUNTED).aggregate([("count_all", "sum")])
        total = total.rename_columns([*COUNTED, "count"]).sort_by([(name, "ascending") for name in COUNTED])
        write_csv(self.folder / "counts.csv", total)


def _canonical(table: Any, own: Any) -> Any:  # noqa: ARG001
    return table


def _flowkit(table: Any, own: Any) -> Any:
    """FlowKit's events: two lines a call, ``outgoing`` true or false, duration in minutes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = legs(table, own)
    kinds = pc.if_else(pc.equal(lines["kind"], "sms"), "sms", "calls")
    return pa.table(
        {
            "event_type": kinds,
            "msisdn": lines["owner"],
            "msisdn_counterpart": lines["peer"],
            "outgoing": pc.equal(lines["leg"], OUT),
            "datetime": lines["start"],
            "duration": pc.round(pc.divide(pc.cast(lines["duration"], pa.float64()), 60.0), 4),
            "location_id": lines["cell"],
            "imei": lines["imei"],
        }
    )


def _cider(table: Any, own: Any) -> Any:  # noqa: ARG001
    """Cider's calls and texts: one line an event."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = table["kind"].cast(pa.string())
    return pa.table(
        {
            "caller_id": table["caller"],
            "recipient_id": table["callee"],
            "caller_antenna": table["caller_cell"],
            "recipient_antenna": table["callee_cell"],
            "timestamp": table["start"],
            "duration": table["duration"],
            "transaction_type": pc.if_else(pc.equal(kind, "sms"), "text", "call"),
        }
    )


def _bass(table: Any, own: Any) -> Any:
    """China Mobile's call details: type 0 out, 1 in, 3 forwarding, 4 and 5 texts sent and received."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = legs(table, own)
    text = pc.equal(lines["kind"], "sms")
    out = pc.equal(lines["leg"], OUT)
    forwarded = pc.equal(lines["leg"], FORWARDED)
    spoken = pc.if_else(out, "0", pc.if_else(forwarded, "3", "1"))
    target = pc.coalesce(lines["forwarded_to"], lines["peer"])
    return pa.table(
        {
            "product_no": lines["owner"],
            "opp_regular_number": pc.if_else(forwarded, target, lines["peer"]),
            "calltype_id": pc.if_else(text, pc.if_else(out, "4", "5"), spoken),
            "start_date": pc.strftime(lines["start"].cast(pa.timestamp("s")), format="%Y%m%d"),
            "start_time": pc.strftime(lines["start"].cast(pa.timestamp("s")), format="%H:%M:%S"),
            "call_duration": lines["duration"],
            "cell_id": lines["cell"],
            "imei": lines["imei"],
        }
    )


def _three_gpp(table: Any, own: Any) -> Any:
    """Names of 3GPP TS 32.298: a record per own end, calls, texts and forwarded calls told by recordType."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = legs(table, own)
    text = pc.equal(lines["kind"], "sms")
    out = pc.equal(lines["leg"], OUT)
    forwarded = pc.equal(lines["leg"], FORWARDED)
    spoken = pc.if_else(out, "moCallRecord", pc.if_else(forwarded, "forwardCallRecord", "mtCallRecord"))
    return pa.table(
        {
            "recordType": pc.if_else(text, pc.if_else(out, "moSMSRecord", "mtSMSRecord"), spoken),
            "servedMSISDN": lines["owner"],
            "servedIMEI": lines["imei"],
            "callingNumber": pc.if_else(out, lines["owner"], lines["peer"]),
            "calledNumber": pc.if_else(out, lines["peer"], lines["owner"]),
            "answerTime": lines["start"],
            "callDuration": lines["duration"],
            "location": lines["cell"],
        }
    )


def _daily(suffix: str, columns: Callable[[Any, Any], Any]) -> Callable[[Path, Any], Form]:
    return lambda folder, own: Daily(folder, own, suffix, columns)


FORMS: dict[str, Callable[[Path, Any], Form]] = {
    "parquet": _daily("parquet", _canonical),
    "csv": _daily("csv", _canonical),
    "csv.gz": _daily("csv.gz", _canonical),
    "bandicoot": Bandicoot,
    "flowkit": _daily("csv", _flowkit),
    "cider": _daily("csv", _cider),
    "bass": _daily("csv", _bass),
    "3gpp": _daily("csv", _three_gpp),
    "counts": Counts,
}
CANONICAL = ("parquet", "csv", "csv.gz")
"""Forms of the canonical columns, of which any may be missing."""
CLEAN = ("counts",)
"""Forms whose rows are sums: a late, double or broken row has no place in them."""
