//! The manual pages, of the command and of each subcommand, generated from the definition of the arguments.

use clap::{Arg, ArgAction, Command};

use super::help::{ENVIRONMENT, EXAMPLES, FILES, IN_PLACE, NOTES, SIGNALS, STATUS};

/// The page of `command`, or of its subcommand `name`, in roff with the man macros.
pub fn page(mut command: Command, name: Option<&str>) -> Option<String> {
    command.build();
    let title = name.map_or("blackbar".to_owned(), |name| format!("blackbar-{name}"));
    let subject = match name {
        None => &command,
        Some(name) => command.find_subcommand(name)?,
    };
    let about = subject.get_about().map(ToString::to_string).unwrap_or_default();
    let mut page = Page::default();
    let (upper, version) = (title.to_uppercase(), env!("CARGO_PKG_VERSION"));
    page.line(&format!(".TH {upper} 1 \"\" \"blackbar {version}\" \"User Commands\""));
    page.line(".ad l");
    page.section("NAME");
    page.line(&format!("{} \\- {}", escaped(&title), escaped(about.trim_end_matches('.'))));

    page.section("SYNOPSIS");
    let usage = subject.clone().render_usage().to_string();
    for line in usage.trim_start_matches("Usage:").lines() {
        page.line(&format!(".PP\n{}", escaped(line.trim())));
    }

    page.section("DESCRIPTION");
    let long = subject.get_long_about().map_or(about, ToString::to_string);
    page.text(&long);
    if name.is_none() {
        page.paragraph();
        page.text(NOTES);
    }
    page.options(subject);
    if name.is_none() {
        page.commands(&command);
        page.table("SIGNALS", SIGNALS);
        page.paragraph();
        page.text(IN_PLACE);
    }
    let of_scan = |row: &&(&str, &str)| row.0 != "1" || matches!(name, None | Some("scan"));
    let status: Vec<_> = STATUS.iter().filter(of_scan).copied().collect();
    page.table("EXIT STATUS", &status);
    if name.is_none() {
        page.table("ENVIRONMENT", ENVIRONMENT);
        page.table("FILES", FILES);
        page.section("EXAMPLES");
        for (line, does) in EXAMPLES {
            page.entry(&format!("\\fB{}\\fR", escaped(line)), does);
        }
    }
    page.section("SEE ALSO");
    let others = command.get_subcommands().map(Command::get_name).filter(|name| *name != "help");
    let pages: Vec<String> = std::iter::once("blackbar".to_owned())
        .chain(others.map(|name| format!("blackbar-{name}")))
        .filter(|page| *page != title)
        .map(|page| format!("\\fB{}\\fR(1)", escaped(&page)))
        .collect();
    page.line(&pages.join(", "));
    Some(page.text)
}

/// A page that is being written.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    fn section(&mut self, name: &str) {
        self.line(&format!(".SH \"{name}\""));
    }

    fn paragraph(&mut self) {
        self.line(".PP");
    }

    /// Writes paragraphs. Lines that start with a space are a table, and are copied.
    fn text(&mut self, text: &str) {
        let mut in_table = false;
        for line in text.lines() {
            let table = line.starts_with(' ');
            if table != in_table {
                self.line(if table { ".nf" } else { ".fi" });
                in_table = table;
            }
            match line.trim_end() {
                "" => self.line(".sp"),
                line if table => self.line(&format!("\\&{}", escaped(line))),
                line => self.line(&escaped(line)),
            }
        }
        if in_table {
            self.line(".fi");
        }
    }

    /// Writes an escaped term and its meaning.
    fn entry(&mut self, term: &str, text: &str) {
        self.line(&format!(".TP\n{term}"));
        self.text(text);
    }

    fn table(&mut self, name: &str, rows: &[(&str, &str)]) {
        self.section(name);
        for (term, text) in rows {
            self.entry(&format!("\\fB{}\\fR", escaped(term)), text);
        }
    }

    /// Writes the arguments, under their headings.
    fn options(&mut self, command: &Command) {
        let shown: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
        let heading = |arg: &Arg| match arg.get_help_heading() {
            Some(heading) => heading.to_owned(),
            None if arg.is_positional() => "Arguments".to_owned(),
            None => "General".to_owned(),
        };
        let mut headings: Vec<String> = Vec::new();
        for arg in &shown {
            if !headings.contains(&heading(arg)) {
                headings.push(heading(arg));
            }
        }
        self.section("OPTIONS");
        for name in headings {
            self.line(&format!(".SS \"{name}\""));
            for arg in shown.iter().filter(|arg| heading(arg) == name) {
                self.entry(&term(arg), &help(arg));
            }
        }
    }

    fn commands(&mut self, command: &Command) {
        self.section("COMMANDS");
        for subcommand in command.get_subcommands().filter(|one| one.get_name() != "help") {
            let name = format!("blackbar-{}", subcommand.get_name());
            let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
            self.entry(&format!("\\fB{}\\fR(1)", escaped(&name)), &about);
        }
        self.entry(
            "\\fBblackbar help\\fR [\\fICOMMAND\\fR]",
            "Print this help, or the help of a command",
        );
    }
}

/// The syntax of an argument.
fn term(arg: &Arg) -> String {
    let names = arg.get_short().map(|short| format!("-{short}")).into_iter();
    let names = names.chain(arg.get_long().map(|long| format!("--{long}")));
    let names: Vec<String> = names.map(|name| format!("\\fB{}\\fR", escaped(&name))).collect();
    let values: Vec<String> = match arg.get_action() {
        ArgAction::Set | ArgAction::Append => arg
            .get_value_names()
            .into_iter()
            .flatten()
            .map(|name| format!("\\fI{}\\fR", escaped(name)))
            .collect(),
        _ => Vec::new(),
    };
    let value = values.join(" ");
    if names.is_empty() {
        let many = matches!(arg.get_action(), ArgAction::Append);
        return match arg.is_required_set() {
            true => value,
            false => format!("[{value}]{}", if many { "..." } else { "" }),
        };
    }
    let between = match (value.is_empty(), arg.is_require_equals_set()) {
        (true, _) => String::new(),
        (false, true) => format!("[={value}]"),
        (false, false) => format!(" {value}"),
    };
    names.join(", ") + &between
}

/// The help of an argument, with its possible values and its default.
fn help(arg: &Arg) -> String {
    let text = arg.get_long_help().or(arg.get_help()).map(ToString::to_string);
    let mut text = text.unwrap_or_default();
    let default: Vec<_> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() && arg.get_action().takes_values() && !text.contains("[default") {
        text += &format!(" [default: {}]", default.join(" "));
    }
    text
}

/// Escapes text for roff.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_an_instruction() {
        assert_eq!(escaped(".orig is a-b\\c"), "\\&.orig is a\\-b\\ec");
        assert_eq!(escaped("'single'"), "\\&'single'");
        let mut page = Page::default();
        page.text("one\ntwo\n\n  a  table\n  of two\n\nthree");
        assert_eq!(page.text, "one\ntwo\n.sp\n.nf\n\\&  a  table\n\\&  of two\n.fi\n.sp\nthree\n");
    }
}
