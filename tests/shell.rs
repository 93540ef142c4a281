//! What packages install besides the command: completions and the manual page, from the same definitions.

mod command;

use command::Dir;

#[test]
fn completions_know_every_option() {
    let dir = Dir::new(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let ended = dir.run(&["completions", shell]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        for option in ["in-place", "style", "stats-file", "follow", "sarif"] {
            assert!(ended.stdout.contains(option), "{shell} lacks {option}");
        }
    }
    dir.refuses(&["completions", "tcl"], "invalid value 'tcl'");
}

#[test]
fn the_manual_page_is_one() {
    let ended = Dir::new(&[]).run(&["man"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(ended.stdout.contains(".TH blackbar 1"));
    assert!(ended.stdout.contains("BLACKBAR_KEY"));
}
