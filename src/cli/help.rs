//! The text of the help, apart from the options.

pub const ABOUT: &str = "Blacks out bearer tokens, JWTs, cookies and other credentials in logs. \
    All other bytes stay unchanged.";

pub const USAGE: &str = "blackbar [OPTIONS] [FILE]...\n       blackbar <COMMAND>";

/// Command lines.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("tail -F app.log | blackbar", "redact a log as it is written"),
    ("flask run 2>&1 | blackbar | tee run.log", "redact what a program prints"),
    ("blackbar app.log -o app.redacted.log", "redact a file into another one"),
    ("blackbar app.log.2 app.log.1 app.log", "redact several files, one after another"),
    ("blackbar --rules all app.log", "also redact passwords, API keys and provider tokens"),
    ("blackbar --style label app.log", "show which rule found each secret"),
    ("blackbar -i --dry-run --diff *.log", "show what redacting in place would change"),
    ("blackbar -i --backup .orig *.log.gz", "redact files in place"),
    ("blackbar scan --show -r /var/log", "report where secrets are"),
    ("blackbar rules", "list the rules"),
    ("blackbar config", "show the settings and their origins"),
    ("blackbar bench app.log", "measure the cost of redacting a log"),
];

pub const NOTES: &str = "\
Each secret becomes [REDACTED]. Its name, the quotes around it and the rest of
the line stay, so JSON stays valid. A line is written as soon as it is read.
Only its end may wait for the next line: after a key without a value, or after a
cookie.

For a file whose name is that of a command, use a path: blackbar ./rules";

/// Signals.
pub const SIGNALS: &[(&str, &str)] = &[
    (
        "SIGTERM",
        "The data that has arrived is redacted, and the command exits with status 0. A second \
         SIGTERM ends it immediately.",
    ),
    ("SIGHUP", "The settings are reloaded, between two lines."),
    ("SIGINT", "The command ends, unless --ignore-interrupts is given."),
];

pub const IN_PLACE: &str = "With -i, each of them leaves the current file unchanged.";

/// Exit statuses.
pub const STATUS: &[(&str, &str)] = &[
    ("0", "Success. This includes an output that its reader has closed."),
    ("1", "scan found secrets."),
    (
        "2",
        "Wrong usage, wrong settings, or an I/O error. After an error in one input the others are still processed.",
    ),
];

/// Environment variables.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("BLACKBAR_CONFIG", "The configuration file, unless --config is given."),
    ("BLACKBAR_KEY", "The key for pseudonyms and baselines, unless there is a key file."),
    ("NO_COLOR", "If set and not empty, nothing is highlighted, except with --color always."),
    (
        "CLICOLOR_FORCE",
        "If set and neither empty nor 0, secrets are highlighted even without a terminal.",
    ),
    ("TERM", "If set to dumb, nothing is highlighted."),
];

/// Files.
pub const FILES: &[(&str, &str)] = &[(
    "/etc/blackbar.toml",
    "The configuration of the machine, read unless another file is named.",
)];

/// The examples, as in the short help.
pub fn examples() -> String {
    let width = EXAMPLES.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let lines = EXAMPLES.iter().map(|(line, does)| format!("\n  {line:width$}  {does}"));
    format!("Examples:{}", lines.collect::<String>())
}

/// The end of the long help.
pub fn closing() -> String {
    let table = |rows: &[(&str, &str)]| {
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        rows.iter().map(|(name, text)| entry(name, text, width)).collect::<String>()
    };
    format!(
        "{}\n\n{NOTES}\n\nSignals:{}\n  {IN_PLACE}\n\nExit status:{}",
        examples(),
        table(SIGNALS),
        table(STATUS)
    )
}

/// A row of a table, folded at 80 columns.
fn entry(name: &str, text: &str, width: usize) -> String {
    let indent = width + 4;
    let mut row = format!("\n  {name:width$}  ");
    let mut column = indent;
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 && column + 1 + word.len() > 80 {
            row += &format!("\n{:indent$}", "");
            column = indent;
        } else if index > 0 {
            row.push(' ');
            column += 1;
        }
        row += word;
        column += word.len();
    }
    row
}
