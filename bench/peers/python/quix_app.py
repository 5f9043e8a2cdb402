"""Quix Streams as a peer of `deno task bench`.

usage: KAFKA_BROKERS=… quix_app.py count|windows ID SOURCE RECORDS STATE
Quix's own settings, but for reading from the beginning. It stops after the last record, as a batch job would: that
commits and flushes the changelog, so nobody waits for the next commit (every 5 s). Then it rests until it is killed,
so that its memory can be read.
"""
import os
import signal
import sys
from datetime import datetime, timedelta, timezone

from quixstreams import Application

bench, name, source, records, state = sys.argv[1:]
app = Application(
    broker_address=os.environ["KAFKA_BROKERS"],
    consumer_group=name,
    auto_offset_reset="earliest",
    state_dir=state,
    loglevel="WARNING",
)
counted = 0


def step(value=None):
    global counted
    counted += 1
    if counted == int(records):
        app.stop()


def pickup(value, headers, timestamp, timestamp_type):
    time = datetime.fromisoformat(value["tpep_pickup_datetime"])
    return int(time.replace(tzinfo=timezone.utc).timestamp() * 1000)


def count(ride, state):
    state.set("count", state.get("count", 0) + 1)
    step()


extractor = {"timestamp_extractor": pickup} if bench == "windows" else {}
rides = app.dataframe(app.topic(source, key_deserializer="str", value_deserializer="json", **extractor))
vendors = rides.group_by(lambda ride: str(ride["VendorID"]), name="vendor")
if bench == "count":
    vendors.update(count, stateful=True)
else:
    windows = vendors.tumbling_window(timedelta(minutes=1), grace_ms=timedelta(hours=25))
    windows.count().current().update(step)

app.run()
signal.pause()
