//! Deep links show a page and do nothing else.

use interlock_desktop::links::promotion_of;

#[test]
fn a_deep_link_carries_the_id_of_a_promotion() {
    assert_eq!(
        promotion_of("interlock://promotion/p-12_a").as_deref(),
        Some("p-12_a")
    );
    assert_eq!(
        promotion_of("interlock://promotion/7/").as_deref(),
        Some("7")
    );
}

#[test]
fn threat_23_anything_else_than_an_id_is_no_deep_link() {
    let long = format!("interlock://promotion/{}", "a".repeat(129));
    for link in [
        "",
        "interlock://promotion/",
        "interlock://approve/7",
        "interlock://promotion/7/approve",
        "interlock://promotion/7?approve=1",
        "interlock://promotion/../audit",
        "interlock://promotion/%2e%2e",
        "https://promotion/7",
        "--estate=/etc/passwd",
        &long,
    ] {
        assert_eq!(promotion_of(link), None, "{link}");
    }
}
