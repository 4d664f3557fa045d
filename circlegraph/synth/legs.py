"""Records as two legs: each own end has its own line, as most other forms of CDRs want it."""

from typing import Any

OUT, IN, FORWARDED = "out", "in", "forward"


def legs(table: Any, own: Any) -> Any:
    """Turn canonical records into one line per own end.

    Parameters
    ----------
    table : pyarrow.Table
        Canonical records.
    own : pyarrow.Array
        Own numbers.

    Returns
    -------
    pyarrow.Table
        owner, peer, leg ("out", "in", or "forward" for one who forwards), start, duration, kind, cell,
        imei, forwarded_to; ordered by start. A record between two own numbers gives two lines.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = table["kind"].cast(pa.string())
    table = table.set_column(table.column_names.index("kind"), "kind", kind)
    calling = table.filter(pc.is_in(table["caller"], value_set=own))
    called = table.filter(pc.is_in(table["callee"], value_set=own))
    outward = _leg(calling, "caller", "callee", pa.array([OUT] * calling.num_rows, pa.string()))
    inward = pc.if_else(pc.equal(called["kind"], "forward"), FORWARDED, IN)
    both = pa.concat_tables([outward, _leg(called, "callee", "caller", inward)])
    return both.take(pc.sort_indices(both["start"]))


def _leg(table: Any, owner: str, peer: str, leg: Any) -> Any:
    import pyarrow as pa

    return pa.table(
        {
            "owner": table[owner],
            "peer": table[peer],
            "leg": leg,
            "start": table["start"],
            "duration": table["duration"],
            "kind": table["kind"],
            "cell": table[f"{owner}_cell"].cast(pa.string()),
            "imei": table[f"{owner}_imei"],
            "forwarded_to": table["forwarded_to"],
        }
    )
