"""librdkafka as a peer of `deno task bench`, by Confluent's Python client.

usage: KAFKA_BROKERS=… librdkafka_client.py FILE TOPIC COMPRESSION
Writes each line of FILE, `key<tab>value`, as its users do: `produce` for each record, `flush` at the end. Its own
settings, among them acks=all and a linger of 5 ms; it gathers records itself, where the other clients get arrays.
"""
import os
import sys

from confluent_kafka import Producer

path, topic, compression = sys.argv[1:]
with open(path, "rb") as file:
    records = [line.rstrip(b"\n").split(b"\t", 1) for line in file]
producer = Producer({
    "bootstrap.servers": os.environ["KAFKA_BROKERS"],
    "compression.type": compression,
    "queue.buffering.max.messages": 1_000_000,
})
producer.list_topics(topic, timeout=30)
print("ready", flush=True)
for key, value in records:
    while True:
        try:
            producer.produce(topic, value, key)
            break
        except BufferError:
            producer.poll(0.01)
if producer.flush(60) > 0:
    sys.exit("not all records were written within a minute")
