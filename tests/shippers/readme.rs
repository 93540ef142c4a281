//! The documented recipes are the files that these tests run: the page on shippers quotes them exactly, every link
//! leads to a recipe, and every recipe is linked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::daemon::recipe;

const RECIPES: &str = "tests/shippers/";

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The recipes that a text links to.
fn linked(text: &str) -> BTreeSet<String> {
    text.split(RECIPES).skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
}

#[test]
fn every_recipe_is_linked_and_every_link_is_a_recipe() {
    let mut recipes = BTreeSet::new();
    let mut directories: Vec<PathBuf> = vec![root().join(RECIPES)];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_none_or(|extension| extension != "rs") {
                let name = path.strip_prefix(root().join(RECIPES)).unwrap();
                recipes.insert(name.to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(linked(&text("README.md")), recipes);
}

/// A line that ends with a link to a recipe and a colon is followed by the recipe's text, in a code fence.
#[test]
fn what_is_quoted_is_the_recipe() {
    let page = text("src/guide/shippers.md");
    let mut lines = page.lines();
    let mut quoted = 0;
    while let Some(line) = lines.next() {
        if !(line.ends_with("):") && line.contains(RECIPES)) {
            continue;
        }
        let name = linked(line).pop_last().unwrap();
        assert_eq!((lines.next(), lines.next()), (Some(""), Some("```text")), "after {line}");
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        assert_eq!(text.join("\n"), recipe(&name).trim_end(), "{name}");
        quoted += 1;
    }
    assert_eq!(quoted, 4);
}
