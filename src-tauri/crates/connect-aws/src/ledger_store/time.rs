//! The store's clock: the `Date` of S3's answers.

use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use interlock_domain::Timestamp;
use interlock_ledger::StoreTime;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Keeps the newest `Date` that came, and when it came by a clock that nobody can set.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoreClock(Arc<Mutex<Option<(Timestamp, Instant)>>>);

impl StoreClock {
    /// The newest time that was told.
    pub(crate) fn last(&self) -> Option<StoreTime> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.map(|(at, seen)| StoreTime {
            at,
            age: seen.elapsed(),
        })
    }

    fn hear(&self, date: &str) {
        let Ok(date) = jiff::fmt::rfc2822::parse(date) else {
            return;
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((date.timestamp(), Instant::now()));
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for StoreClock {
    fn name(&self) -> &'static str {
        "StoreClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            self.hear(date);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_the_time() {
        let clock = StoreClock::default();
        assert_eq!(clock.last(), None);
        clock.hear("yesterday");
        assert_eq!(clock.last(), None);
        clock.hear("Sun, 29 Nov 2026 10:00:00 GMT");
        let told = clock.last().unwrap();
        assert_eq!(told.at.to_string(), "2026-11-29T10:00:00Z");
        assert!(told.now() >= told.at);
    }
}
