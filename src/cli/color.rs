//! Whether what was redacted is highlighted.

use std::env;
use std::io::{self, IsTerminal};

use clap::ValueEnum;

/// What may be typed.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[group(skip)]
pub struct Args {
    /// Highlight what was redacted: always, never, or auto, which is on a terminal
    ///
    /// With auto, the variables NO_COLOR (off) and CLICOLOR_FORCE (on) take precedence, in this order.
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    color: When,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl Args {
    /// Whether standard output is to have colours.
    pub fn is_on(self) -> bool {
        // An empty variable is as good as none.
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if is_set("NO_COLOR") => false,
            When::Auto
                if is_set("CLICOLOR_FORCE")
                    && env::var_os("CLICOLOR_FORCE") != Some("0".into()) =>
            {
                true
            }
            When::Auto => io::stdout().is_terminal() && env::var_os("TERM") != Some("dumb".into()),
        }
    }
}
