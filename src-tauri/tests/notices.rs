//! What comes to wait is told once; what waited before is not news.

use crate::fake::{Fake, Shell};
use interlock_contract::events::HostEvent;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);
const MOMENT: Duration = Duration::from_millis(50);

#[test]
fn threat_27_what_comes_to_wait_is_told_once_and_decides_nothing() {
    let fake = Fake::default();
    let (waiting, looks) = (Arc::clone(&fake.waiting), Arc::clone(&fake.looks));
    let shell = Shell::start_on(fake);
    let changed = |expected: usize| {
        let (before, deadline) = (looks.load(Ordering::Relaxed), Instant::now() + PATIENCE);
        shell.events.send(HostEvent::OverviewChanged).unwrap();
        while looks.load(Ordering::Relaxed) == before {
            assert!(Instant::now() < deadline, "nobody looks into the inbox");
            std::thread::sleep(MOMENT);
        }
        // What was seen is told right after; what is told too often shows at the next look.
        loop {
            let told = shell.notices.lock().unwrap().clone();
            if told.len() == expected {
                return told;
            }
            assert!(Instant::now() < deadline, "{told:?}");
            std::thread::sleep(MOMENT);
        }
    };
    changed(0);
    waiting.store(1, Ordering::Relaxed);
    let told = changed(1);
    assert_eq!(told[0].title, "cards to prod: waiting for approval");
    assert_eq!(told[0].text, "PR-1 9.3.1, asked for by Ana Ruiz");
    assert_eq!(told[0].promotion, "PR-1");
    changed(1);
    // Gone and back is news again.
    waiting.store(0, Ordering::Relaxed);
    changed(1);
    waiting.store(1, Ordering::Relaxed);
    changed(2);
    changed(2);
}
