//! What service managers start here: an application that logs numbered lines with a secret, and says one more word when it is
//! stopped.

use crate::command::wait_until;
use crate::daemon::{Place, REDACTED, SECRET, TOKEN};

/// Installs it. It logs a hundred lines a second at most, after `setup`.
pub fn install(place: &Place, setup: &str) -> String {
    let script = format!(
        "#!/bin/bash\n{setup}\ntrap 'echo last {SECRET}; exit 0' TERM INT\n\
         n=0; while :; do echo $n {SECRET}; n=$((n+1)); sleep 0.01; done\n"
    );
    place.script("app", &script)
}

/// The numbers of the lines in a log. Each line is whole, or the last word, which has no number.
#[track_caller]
pub fn numbers(log: &str) -> Vec<u64> {
    assert!(!log.contains(TOKEN), "{log}");
    let numbered = log.lines().filter(|line| *line != format!("last {REDACTED}"));
    numbered
        .map(|line| {
            let number = line.strip_suffix(REDACTED).and_then(|rest| rest.trim_end().parse().ok());
            number.unwrap_or_else(|| panic!("{line:?}"))
        })
        .collect()
}

/// Waits until the log that `read` gives has so many more lines, and returns it.
#[track_caller]
pub fn grows(count: usize, read: impl Fn() -> String) -> String {
    let before = read().matches('\n').count();
    wait_until("more lines", || read().matches('\n').count() >= before + count);
    read()
}

/// How often the numbers begin again, and how many are missing otherwise. Nothing comes twice, or out of order.
#[track_caller]
pub fn restarts_and_losses(numbers: &[u64]) -> (usize, u64) {
    let (mut restarts, mut lost) = (0, 0);
    for pair in numbers.windows(2) {
        if pair[1] == 0 {
            restarts += 1;
        } else {
            assert!(pair[1] > pair[0], "{pair:?}");
            lost += pair[1] - pair[0] - 1;
        }
    }
    (restarts, lost)
}
