"""Faust as a peer of `deno task bench`, in the usual Faust style.

usage: KAFKA_BROKERS=… BENCH_APP=count|windows|branch BENCH_ID=… BENCH_SOURCE=… BENCH_STATE=… faust_app.py worker
Faust's own settings, but for: acks=all (its default, named), two partitions as the source has, tables in memory (its
default), no leader topic and no web server (neither is used here). It runs until it is killed.
"""
import os
from datetime import datetime, timezone

import faust

bench, name = os.environ["BENCH_APP"], os.environ["BENCH_ID"]
app = faust.App(
    name,
    broker="kafka://" + os.environ["KAFKA_BROKERS"],
    store="memory://",
    datadir=os.environ["BENCH_STATE"],
    topic_partitions=2,
    topic_disable_leader=True,
    producer_acks=-1,
)


class Ride(faust.Record, serializer="json"):
    VendorID: int
    tpep_pickup_datetime: str
    tpep_dropoff_datetime: str
    passenger_count: int
    trip_distance: float
    RatecodeID: int
    store_and_fwd_flag: str
    PULocationID: int
    DOLocationID: int
    payment_type: int
    fare_amount: float
    extra: float
    mta_tax: float
    tip_amount: float
    tolls_amount: float
    improvement_surcharge: float
    total_amount: float
    congestion_surcharge: float


rides = app.topic(os.environ["BENCH_SOURCE"], value_type=Ride, key_type=bytes, key_serializer="raw")


def vendor(ride):
    return str(ride.VendorID).encode()


if bench == "count":
    counts = app.Table("counts", default=int, partitions=2)

    @app.agent(rides)
    async def count(stream):
        async for ride in stream.group_by(vendor, name=name):
            counts[ride.VendorID] += 1

elif bench == "windows":
    def pickup(event):
        time = datetime.fromisoformat(event.value.tpep_pickup_datetime)
        return time.replace(tzinfo=timezone.utc).timestamp()

    windows = app.Table("counts", default=int, partitions=2).tumbling(60.0, expires=90_000.0)
    windows = windows.relative_to(pickup)

    @app.agent(rides)
    async def count_windows(stream):
        async for ride in stream.group_by(vendor, name=name):
            windows[ride.VendorID] += 1

else:
    high = app.topic(f"{name}-high", value_type=Ride, key_type=bytes, key_serializer="raw")
    low = app.topic(f"{name}-low", value_type=Ride, key_type=bytes, key_serializer="raw")

    @app.agent(rides)
    async def branch(stream):
        async for key, ride in stream.items():
            await (high if ride.total_amount >= 40 else low).send(key=key, value=ride)


if __name__ == "__main__":
    app.main()
