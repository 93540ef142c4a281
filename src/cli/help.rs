//! What the help says beside the options.

pub const ABOUT: &str = "Blacks out bearer tokens, JWTs, cookies and other credentials in logs. \
    Every other byte is passed on unchanged.";

pub const USAGE: &str = "blackbar [OPTIONS] [FILE]...\n       blackbar <COMMAND>";

/// A command line and what it does.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("tail -F app.log | blackbar", "redact a log as it is written"),
    ("flask run 2>&1 | blackbar | tee run.log", "redact what a program prints"),
    ("blackbar app.log -o app.redacted.log", "redact a file into another"),
    ("blackbar app.log.2 app.log.1 app.log", "redact several, one after another"),
    ("blackbar --rules all app.log", "passwords, API keys and provider tokens, too"),
    ("blackbar --style label app.log", "name the rule that found each secret"),
    ("blackbar -i --dry-run --diff *.log", "show what redacting in place would change"),
    ("blackbar -i --backup .orig *.log.gz", "redact files in place"),
    ("blackbar scan --show -r /var/log", "report where secrets are"),
    ("blackbar rules", "list what is looked for"),
    ("blackbar config", "show the settings and where they come from"),
    ("blackbar bench app.log", "measure what redacting that log costs"),
];

pub const NOTES: &str = "\
Each secret becomes [REDACTED]; the name before it, the quotes around it and the
rest of the line stay, so JSON stays JSON. A line leaves as soon as it is read,
except for a value that the next line may continue.

A file that is called like a command is named with a path: blackbar ./rules";

/// A signal and what it does.
pub const SIGNALS: &[(&str, &str)] = &[
    (
        "SIGTERM",
        "A pipe or a followed file is redacted as far as it has come, and the exit status is 0; \
         a second one ends the command at once.",
    ),
    ("SIGHUP", "The settings are read again, between two lines."),
    ("SIGINT", "The command ends; with --ignore-interrupts a pipe goes on."),
];

pub const IN_PLACE: &str = "In place, each of them leaves the file at hand as it was.";

/// An exit status and what it means.
pub const STATUS: &[(&str, &str)] = &[
    ("0", "Everything was done, or the reader of the output closed it."),
    ("1", "scan found something."),
    ("2", "Wrong usage or settings, or an input or output error; what could be done was done."),
];

/// An environment variable and what it does.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("BLACKBAR_CONFIG", "The file of settings, if --config names none."),
    ("BLACKBAR_KEY", "The key of pseudonyms and baselines, if there is no key file."),
    ("NO_COLOR", "If it is not empty: nothing is highlighted, unless by --color always."),
    (
        "CLICOLOR_FORCE",
        "If it is neither empty nor 0: highlighted, also where there is no terminal.",
    ),
    ("TERM", "If it is dumb, nothing is highlighted."),
];

/// A file and what it is for.
pub const FILES: &[(&str, &str)] = &[(
    "/etc/blackbar.toml",
    "Settings, in force if nothing names another file; 'blackbar config' shows them.",
)];

/// The examples as the short help shows them.
pub fn examples() -> String {
    let width = EXAMPLES.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let lines = EXAMPLES.iter().map(|(line, does)| format!("\n  {line:width$}  {does}"));
    format!("Examples:{}", lines.collect::<String>())
}

/// What the long help ends with.
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
