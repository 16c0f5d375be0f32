//! What time it is: the machine's, or on a practice estate that of its movable clock.
//!
//! The practice clock is asked for its distance from real time when an estate is opened and before
//! whatever judges time, so that a clock moved through the control address counts for freezes and
//! ages in every process. When it cannot be asked, the last known distance stays.

use interlock_app::ports::Clock;
use interlock_domain::Timestamp;
use jiff::SignedDuration;
use std::{
    net::IpAddr,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

/// Longest wait for the control address, which answers within a millisecond or two.
const PATIENCE: Duration = Duration::from_millis(500);

/// The host's clock.
#[derive(Debug, Default)]
pub(crate) struct HostClock {
    ahead_seconds: AtomicI64,
    practice: Option<Practice>,
}

#[derive(Debug)]
struct Practice {
    client: reqwest::Client,
    address: reqwest::Url,
}

#[derive(serde::Deserialize)]
struct Told {
    offset_seconds: i64,
}

impl HostClock {
    /// The machine's clock, or the practice clock behind a control address. An address beyond
    /// this machine is none.
    pub(crate) fn new(control: Option<&str>) -> Self {
        Self {
            ahead_seconds: AtomicI64::new(0),
            practice: control.and_then(Practice::at),
        }
    }

    /// Asks the practice clock how far it is ahead; does nothing on a real estate.
    pub(crate) async fn read(&self) {
        let Some(practice) = &self.practice else {
            return;
        };
        match practice.ask().await {
            Ok(told) => self
                .ahead_seconds
                .store(told.offset_seconds, Ordering::Relaxed),
            Err(error) => tracing::debug!(%error, "the practice clock does not answer"),
        }
    }
}

impl Clock for HostClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed));
        Timestamp::now()
            .checked_add(ahead)
            .unwrap_or(Timestamp::MAX)
    }
}

impl Practice {
    fn at(control: &str) -> Option<Self> {
        let address = reqwest::Url::parse(control).ok()?.join("/clock").ok()?;
        let host = address.host_str()?.trim_matches(['[', ']']);
        let is_ours = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        // Plain HTTP on loopback: no certificates are loaded, no proxy is asked.
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .timeout(PATIENCE)
            .build()
            .ok()?;
        is_ours.then_some(Self { client, address })
    }

    async fn ask(&self) -> reqwest::Result<Told> {
        self.client
            .get(self.address.clone())
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_practice::PracticeOptions;

    fn ahead(clock: &HostClock) -> i64 {
        clock.now().as_second() - Timestamp::now().as_second()
    }

    #[tokio::test]
    async fn a_practice_clock_that_was_moved_counts_from_the_next_look_on() {
        let folder = tempfile::tempdir().unwrap();
        let practice = interlock_practice::Practice::start(PracticeOptions::new(folder.path()))
            .await
            .unwrap();
        let clock = HostClock::new(Some(&practice.control_url()));
        clock.read().await;
        assert!(ahead(&clock) <= 1);
        let two_days = Duration::from_hours(48);
        practice.context().shared.clock.advance(two_days);
        clock.read().await;
        assert!((172_799..=172_801).contains(&ahead(&clock)));
        // A practice estate that went away leaves its time behind.
        practice.shutdown().unwrap();
        clock.read().await;
        assert!(ahead(&clock) > 172_000);
    }

    #[tokio::test]
    async fn only_a_control_address_on_this_machine_is_believed() {
        for address in [
            "http://192.0.2.1:9",
            "http://practice.example",
            "no address",
        ] {
            assert!(
                HostClock::new(Some(address)).practice.is_none(),
                "{address}"
            );
        }
        let clock = HostClock::new(None);
        clock.read().await;
        assert!(ahead(&clock) <= 1);
    }
}
