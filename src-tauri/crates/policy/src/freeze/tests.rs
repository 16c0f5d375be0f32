//! Tables against wall clocks, and properties.

use super::*;
use jiff::civil::Weekday;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn time(text: &str) -> civil::Time {
    text.parse().unwrap()
}

fn weekly(from: (Weekday, &str), to: (Weekday, &str), name: &str) -> Freeze {
    Freeze::of_estate(
        "weekly",
        FreezeSpan::Weekly(Weekly {
            from: (from.0, time(from.1)),
            to: (to.0, time(to.1)),
            zone: zone(name),
        }),
    )
}

fn weekend(name: &str) -> Freeze {
    weekly((Weekday::Friday, "18:00"), (Weekday::Monday, "06:00"), name)
}

fn monthly(from: (MonthDay, &str), to: (MonthDay, &str), name: &str) -> Freeze {
    Freeze::of_estate(
        "monthly",
        FreezeSpan::Monthly(Monthly {
            from: (from.0, time(from.1)),
            to: (to.0, time(to.1)),
            zone: zone(name),
        }),
    )
}

fn holds(freeze: &Freeze, text: &str) -> bool {
    current_or_next([freeze], at(text)).is_some_and(|o| o.holds_at(at(text)))
}

#[track_caller]
fn table(freeze: &Freeze, rows: &[(&str, bool)]) {
    for (text, wanted) in rows {
        assert_eq!(holds(freeze, text), *wanted, "{text}");
    }
}

#[test]
fn fault_28_a_weekend_in_bogota_is_judged_on_its_own_wall_clock() {
    table(
        &weekend("America/Bogota"),
        &[
            ("2026-11-20T22:59:59Z", false), // Friday 17:59:59 there
            ("2026-11-20T23:00:00Z", true),
            ("2026-11-22T12:00:00Z", true),
            ("2026-11-23T10:59:59Z", true), // Monday 05:59:59 there
            ("2026-11-23T11:00:00Z", false),
            ("2026-11-30T10:00:00Z", true), // over a month's end
        ],
    );
}

#[test]
fn fault_28_a_night_crosses_midnight_in_bogota_and_in_zones_with_clock_changes() {
    let night = |name| {
        weekly(
            (Weekday::Saturday, "22:00"),
            (Weekday::Sunday, "04:00"),
            name,
        )
    };
    table(
        &night("America/Bogota"),
        &[
            ("2026-10-31T02:59:59Z", false), // Friday evening there
            ("2026-11-01T03:00:00Z", true),
            ("2026-11-01T05:00:00Z", true), // midnight, and the first of the month
            ("2026-11-01T08:59:59Z", true),
            ("2026-11-01T09:00:00Z", false),
        ],
    );
    // New York turns back at 02:00 on 1 November 2026: the night is an hour longer.
    table(
        &night("America/New_York"),
        &[
            ("2026-11-01T01:59:59Z", false),
            ("2026-11-01T02:00:00Z", true), // 22:00 at -04:00
            ("2026-11-01T08:59:59Z", true), // 03:59:59 at -05:00
            ("2026-11-01T09:00:00Z", false),
        ],
    );
    // Madrid turns forward at 02:00 on 29 March 2026: the night is an hour shorter.
    table(
        &night("Europe/Madrid"),
        &[
            ("2026-03-28T20:59:59Z", false),
            ("2026-03-28T21:00:00Z", true), // 22:00 at +01:00
            ("2026-03-29T01:59:59Z", true), // 03:59:59 at +02:00
            ("2026-03-29T02:00:00Z", false),
        ],
    );
}

#[test]
fn fault_28_an_end_that_a_clock_change_skips_is_as_much_later() {
    // 02:30 does not exist in New York on 8 March 2026.
    let freeze = weekly(
        (Weekday::Saturday, "20:00"),
        (Weekday::Sunday, "02:30"),
        "America/New_York",
    );
    table(
        &freeze,
        &[
            ("2026-03-08T06:59:59Z", true), // 01:59:59 at -05:00
            ("2026-03-08T07:29:59Z", true), // 03:29:59 at -04:00
            ("2026-03-08T07:30:00Z", false),
        ],
    );
}

#[test]
fn fault_28_the_month_end_holds_from_its_last_day_to_the_second_of_the_next() {
    let end = |name| {
        monthly(
            (MonthDay::BeforeLast(0), "00:00"),
            (MonthDay::Day(2), "06:00"),
            name,
        )
    };
    table(
        &end("America/Bogota"),
        &[
            ("2026-11-30T04:59:59Z", false), // 29 November, 23:59:59 there
            ("2026-11-30T05:00:00Z", true),
            ("2026-12-01T05:00:00Z", true),
            ("2026-12-02T10:59:59Z", true),
            ("2026-12-02T11:00:00Z", false),
            ("2027-02-28T05:00:00Z", true), // a month of 28 days
            ("2028-02-28T05:00:00Z", false),
            ("2028-02-29T05:00:00Z", true), // and one of 29
            ("2027-01-01T05:00:00Z", true), // over the year's end
        ],
    );
    // Madrid turns back on 25 October 2026, between two of them.
    table(
        &end("Europe/Madrid"),
        &[
            ("2026-10-30T22:59:59Z", false),
            ("2026-10-30T23:00:00Z", true), // 31 October 00:00 at +01:00
            ("2026-09-29T22:00:00Z", true), // 30 September 00:00 at +02:00
            ("2026-09-29T21:59:59Z", false),
        ],
    );
}

#[test]
fn a_day_that_a_month_does_not_have_is_its_last_one() {
    let freeze = monthly(
        (MonthDay::Day(31), "12:00"),
        (MonthDay::Day(31), "18:00"),
        "UTC",
    );
    table(
        &freeze,
        &[
            ("2026-11-30T12:00:00Z", true),
            ("2026-11-29T12:00:00Z", false),
            ("2026-12-31T17:59:59Z", true),
            ("2026-12-30T12:00:00Z", false),
            ("2027-02-28T12:00:00Z", true),
        ],
    );
}

#[test]
fn a_freeze_does_not_hold_on_the_days_that_are_excepted() {
    let mut freeze = weekend("America/Bogota");
    freeze.except = vec![("2026-11-22".parse().unwrap(), zone("America/Bogota"))];
    table(
        &freeze,
        &[
            ("2026-11-22T04:59:59Z", true),
            ("2026-11-22T05:00:00Z", false), // Sunday there
            ("2026-11-23T04:59:59Z", false),
            ("2026-11-23T05:00:00Z", true), // Monday, until six
            ("2026-11-29T12:00:00Z", true), // the next Sunday
        ],
    );
    let next = freeze.current_or_next(at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!(next.starts, at("2026-11-23T05:00:00Z"));
}

#[test]
fn a_past_single_freeze_is_over() {
    let freeze = Freeze::of_estate(
        "audit",
        FreezeSpan::Once {
            from: at("2026-11-01T00:00:00Z"),
            to: at("2026-11-02T00:00:00Z"),
        },
    );
    assert!(holds(&freeze, "2026-11-01T23:59:59Z"));
    assert_eq!(freeze.current_or_next(at("2026-11-02T00:00:00Z")), None);
}

#[test]
fn a_span_over_a_clock_change_keeps_its_wall_clock_ends() {
    let occurrence = weekend("America/New_York")
        .current_or_next(at("2026-10-31T12:00:00Z"))
        .unwrap();
    assert_eq!(occurrence.starts, at("2026-10-30T22:00:00Z"));
    assert_eq!(occurrence.ends, at("2026-11-02T11:00:00Z"));
}

#[test]
fn the_forecast_takes_what_nineteen_of_twenty_runs_kept() {
    let freeze = Occurrence {
        name: "weekend".into(),
        starts: at("2026-11-20T23:00:00Z"),
        ends: at("2026-11-23T11:00:00Z"),
    };
    let twenty: Vec<u64> = (1..=20).rev().map(|minutes| minutes * 60).collect();
    let told = forecast(&twenty, &freeze, at("2026-11-20T22:41:00Z")).unwrap();
    assert_eq!(
        (told.takes.0, told.runs, told.runs_into),
        (19 * 60, 20, false)
    );
    let told = forecast(&twenty, &freeze, at("2026-11-20T22:41:01Z")).unwrap();
    assert!(told.runs_into, "a second later it would be within");
    assert_eq!(forecast(&[], &freeze, at("2026-11-20T12:00:00Z")), None);
    let one = forecast(&[60], &freeze, at("2026-11-20T12:00:00Z")).unwrap();
    assert_eq!((one.takes.0, one.runs), (60, 1));
    let huge = forecast(&[u64::MAX], &freeze, at("2026-11-20T12:00:00Z")).unwrap();
    assert!(huge.runs_into);
}

const ZONES: [&str; 5] = [
    "America/Bogota",
    "America/New_York",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
];

fn any_weekly() -> impl Strategy<Value = Freeze> {
    let day = || (1..=7_i8).prop_map(|day| Weekday::from_monday_one_offset(day).unwrap());
    let clock = || (0..24_i8, 0..60_i8).prop_map(|(h, m)| civil::time(h, m, 0, 0));
    (day(), clock(), day(), clock(), 0..ZONES.len())
        .prop_filter("it has a length", |(from, at, to, until, _)| {
            (from, at) != (to, until)
        })
        .prop_map(|(from, at, to, until, index)| {
            Freeze::of_estate(
                "any",
                FreezeSpan::Weekly(Weekly {
                    from: (from, at),
                    to: (to, until),
                    zone: zone(ZONES[index]),
                }),
            )
        })
}

proptest! {
    /// The answer holds now or lies ahead; within what it names it holds, and just outside not.
    #[test]
    fn what_is_told_is_what_holds(freeze in any_weekly(), second in 1_700_000_000_i64..1_900_000_000) {
        let now = Timestamp::from_second(second).unwrap();
        let told = freeze.current_or_next(now).unwrap();
        prop_assert!(told.starts < told.ends && now < told.ends);
        let again = freeze.current_or_next(told.starts).unwrap();
        prop_assert!(again.holds_at(told.starts));
        let after = freeze.current_or_next(told.ends).unwrap();
        prop_assert!(after.starts >= told.starts);
        if !told.holds_at(now) {
            let between = Timestamp::from_second(i64::midpoint(second, told.starts.as_second())).unwrap();
            prop_assert_eq!(freeze.current_or_next(between).unwrap(), told);
        }
    }

    /// The wall clock of the zone decides, minute by minute, away from clock changes.
    #[test]
    fn bogota_never_changes_its_clock(minute in 0_i64..(7 * 24 * 60)) {
        let freeze = weekend("America/Bogota");
        let monday = at("2026-11-16T05:00:00Z");
        let now = Timestamp::from_second(monday.as_second() + minute * 60).unwrap();
        let told = freeze.current_or_next(now).unwrap().holds_at(now);
        let wanted = !(6 * 60..(4 * 24 + 18) * 60).contains(&minute);
        prop_assert_eq!(told, wanted);
    }

    /// More freezes never thaw.
    #[test]
    fn one_more_freeze_never_thaws(
        one in any_weekly(), other in any_weekly(), second in 1_700_000_000_i64..1_900_000_000
    ) {
        let now = Timestamp::from_second(second).unwrap();
        let alone = current_or_next([&one], now).unwrap().holds_at(now);
        let both = current_or_next([&one, &other], now).unwrap().holds_at(now);
        let turned = current_or_next([&other, &one], now).unwrap().holds_at(now);
        prop_assert!(both || !alone);
        prop_assert_eq!(both, turned);
    }
}

#[test]
fn the_freezes_ahead_come_in_order_and_those_that_ended_do_not() {
    let freeze = weekend("America/Bogota");
    let ahead: Vec<_> = freeze.ahead(at("2026-11-21T12:00:00Z")).take(3).collect();
    let starts: Vec<String> = ahead.iter().map(|it| it.starts.to_string()).collect();
    assert_eq!(
        starts,
        [
            "2026-11-20T23:00:00Z",
            "2026-11-27T23:00:00Z",
            "2026-12-04T23:00:00Z"
        ]
    );
    assert!(ahead[0].holds_at(at("2026-11-21T12:00:00Z")));
    assert_eq!(freeze.zone().iana_name(), Some("America/Bogota"));
    let once = Freeze::of_estate(
        "once",
        FreezeSpan::Once {
            from: at("2026-11-01T00:00:00Z"),
            to: at("2026-11-02T00:00:00Z"),
        },
    );
    assert_eq!(once.ahead(at("2026-11-02T00:00:00Z")).count(), 0);
}
