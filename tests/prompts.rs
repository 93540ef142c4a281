//! What is written before a line is complete: a prompt, to its last space.

use blackbar::{Redactor, Ruleset};

fn rules(list: &str) -> Ruleset {
    Ruleset::builder().select(list).unwrap().build().unwrap()
}

#[test]
fn a_prompt_is_written_to_its_last_space() {
    for list in ["default", "all", "all,pii"] {
        for prompt in ["Enter name: ", "user@host:~$ ", ">>> ", "Continue? [y/N] "] {
            let mut output = Vec::new();
            Redactor::new(&rules(list)).push(prompt.as_bytes(), &mut output);
            assert_eq!(output, prompt.as_bytes(), "{list}: {prompt:?}");
        }
    }
}

/// A space may begin an anchor only after a letter or digit.
#[test]
fn words_after_a_space_are_found_in_any_chunks() {
    let all = rules("all");
    let redact = |pieces: &[&[u8]]| {
        let mut output = Vec::new();
        let mut redactor = Redactor::new(&all);
        pieces.iter().for_each(|piece| redactor.push(piece, &mut output));
        redactor.finish(&mut output);
        String::from_utf8_lossy(&output).into_owned()
    };
    for before in ["Adobe", "\"Secret\"", "Secret ", "(API)", "API:", "é", "", "docker", "\x1b[0m"]
    {
        for word in [" key: ", " Key = ", " login -u ada -p ", " LOGIN ada "] {
            let line = format!("{before}{word}Xq7vbn2kkXq7vbn2kk99\n");
            let whole = redact(&[line.as_bytes()]);
            for at in 0..=line.len() {
                let (one, other) = line.as_bytes().split_at(at);
                assert_eq!(redact(&[one, other]), whole, "{line:?} at {at}");
            }
        }
    }
}

/// The value of a header is complete, though the next record might continue a list.
#[test]
fn a_record_of_docker_with_a_value_does_not_wait_for_the_next_one() {
    for text in [
        "Cookie: sid=Vb7nKx3mTq9wZd5h",
        "set-cookie: sid=Vb7nKx3mTq9wZd5h; Path=/",
        "set-cookie: sid=Vb7nKx3mTq9wZd5h; HttpOnly\\r",
        "Authorization: Bearer Vb7nKx3mTq9wZd5h",
        "access_token=Vb7nKx3mTq9wZd5h",
        "'sid': 'x',",
    ] {
        let line = format!("{{\"log\":\"{text}\\n\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n");
        let mut output = Vec::new();
        let mut redactor = Redactor::new(&Ruleset::standard());
        redactor.push(line.as_bytes(), &mut output);
        let written = output.len();
        redactor.finish(&mut output);
        assert_eq!(written, output.len(), "{line}");
    }
}
