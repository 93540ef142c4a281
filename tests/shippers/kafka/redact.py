#!/usr/bin/env python3
"""From one topic of Kafka into another, redacted: redact.py SERVERS FROM TO [OPTION]...

Needs aiokafka. Several may run: they share the partitions of FROM, and TO has to have as many. A batch of records is redacted by
a run of blackbar of its own, with a line of JSON for each record. The place in FROM is committed when the batch before it is in
TO. If blackbar is killed this program ends with status 1, and a service manager has to start it again: it goes on after the last
batch that was committed. So nothing is lost, and a batch may come twice.
"""

import asyncio
import json
import subprocess
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


def text(data):
    """As a string, with bytes that are not UTF-8 kept."""
    return None if data is None else data.decode("utf-8", "surrogateescape")


def data(text):
    return None if text is None else text.encode("utf-8", "surrogateescape")


def redact(records, options):
    """The records' keys, values and headers, redacted."""
    lines = [
        json.dumps([text(r.key), text(r.value), [{name: text(value)} for name, value in r.headers]])
        for r in records
    ]
    run = ["/usr/local/bin/blackbar", *options]
    output = subprocess.run(run, input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True).stdout
    redacted = [json.loads(line) for line in output.splitlines()]
    if len(redacted) != len(records):
        raise RuntimeError(f"{len(records)} records went in, and {len(redacted)} came out")
    for key, value, headers in redacted:
        yield data(key), data(value), [(name, data(of)) for header in headers for name, of in header.items()]


async def main(servers, source, target, *options):
    consumer = AIOKafkaConsumer(
        source, bootstrap_servers=servers, group_id="blackbar", enable_auto_commit=False, auto_offset_reset="earliest"
    )
    async with consumer, AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        while True:
            batch = await consumer.getmany(timeout_ms=1000, max_records=1000)
            for place, records in batch.items():
                sent = [
                    await producer.send(target, value, key, partition=place.partition, headers=headers)
                    for key, value, headers in redact(records, options)
                ]
                await asyncio.gather(*sent)
                await consumer.commit({place: records[-1].offset + 1})


asyncio.run(main(*sys.argv[1:]))
