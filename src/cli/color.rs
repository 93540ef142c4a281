//! Whether replacements are highlighted.

use std::env;
use std::io::{self, IsTerminal};

use clap::ValueEnum;

/// The arguments.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[group(skip)]
pub struct Args {
    /// Highlight replacements: always, never, or auto, which means on a terminal
    ///
    /// With auto, the environment variables NO_COLOR (off) and CLICOLOR_FORCE (on) are checked first, in this order.
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
    /// Whether standard output has colours.
    pub fn is_on(self) -> bool {
        // An empty variable is like an unset one.
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
