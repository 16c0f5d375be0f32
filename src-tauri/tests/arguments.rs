//! The command line of the desktop.

use clap::Parser as _;
use interlock_desktop::arguments::{Arguments, Plan, Target, user_data_directory};
use std::path::{Path, PathBuf};

fn plan(words: &[&str]) -> Plan {
    let words = std::iter::once("interlock-desktop").chain(words.iter().copied());
    Arguments::try_parse_from(words)
        .unwrap()
        .plan(Path::new("/home/ana/.local/share/interlock"))
}

#[test]
fn without_a_word_it_is_the_practice_estate_in_the_data_directory() {
    let expected = Target::Practice("/home/ana/.local/share/interlock/practice".into());
    assert_eq!(plan(&[]).target, expected);
    assert_eq!(plan(&["--practice"]).target, expected);
}

#[test]
fn practice_and_data_can_stand_elsewhere() {
    assert_eq!(
        plan(&["--practice", "/tmp/p"]).target,
        Target::Practice("/tmp/p".into())
    );
    let elsewhere = plan(&["--data", "/tmp/d"]);
    assert_eq!(elsewhere.data, PathBuf::from("/tmp/d"));
    assert_eq!(elsewhere.target, Target::Practice("/tmp/d/practice".into()));
}

#[test]
fn an_estate_file_is_opened_and_excludes_practice() {
    assert_eq!(
        plan(&["--estate", "bank.toml"]).target,
        Target::Estate("bank.toml".into())
    );
    let both = ["interlock-desktop", "--estate", "a.toml", "--practice"];
    assert!(Arguments::try_parse_from(both).is_err());
}

#[test]
fn a_deep_link_is_the_one_free_word() {
    let words = ["interlock-desktop", "interlock://promotion/7"];
    let arguments = Arguments::try_parse_from(words).unwrap();
    assert_eq!(arguments.link.as_deref(), Some("interlock://promotion/7"));
}

#[test]
fn data_is_kept_by_the_xdg_rules_and_relative_paths_do_not_count() {
    let with = |xdg: Option<&str>, home: Option<&str>| {
        let xdg = xdg.map(str::to_owned);
        let home = home.map(str::to_owned);
        user_data_directory(move |name| match name {
            "XDG_DATA_HOME" => xdg.clone(),
            "HOME" => home.clone(),
            _ => None,
        })
    };
    assert_eq!(with(Some("/x"), Some("/h")), Some("/x/interlock".into()));
    assert_eq!(
        with(Some("x"), Some("/h")),
        Some("/h/.local/share/interlock".into())
    );
    assert_eq!(with(None, None), None);
}
