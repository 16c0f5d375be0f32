//! How fast requests may go: a token bucket for each account, region and operation.
//!
//! Learns from throttling, because AWS publishes no numbers. Not a retry: it only delays. Waiting
//! is fair (first come, first served) and a waiter that is dropped takes nothing with it.

use crate::options::RequestBudget;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Throttled answers within this time are news of the same moment and count once.
const SAME_MOMENT: Duration = Duration::from_secs(1);

/// A good answer raises the rate by this part of the starting rate.
const RAISE: f64 = 0.01;

/// What has a limit of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BudgetKey {
    pub account: String,
    pub region: String,
    pub operation: &'static str,
}

/// All buckets of a connector.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: RequestBudget,
    buckets: Mutex<HashMap<BudgetKey, Arc<Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    tokens: f64,
    rate: f64,
    at: Instant,
    throttled_at: Option<Instant>,
}

impl Budget {
    pub(crate) fn new(limits: RequestBudget) -> Self {
        let floor = limits.floor.max(0.01);
        let limits = RequestBudget {
            floor,
            per_second: limits.per_second.max(floor),
            burst: limits.burst.max(1.0),
            ceiling: limits.ceiling.max(limits.per_second).max(floor),
        };
        Self {
            limits,
            buckets: Mutex::default(),
        }
    }

    /// Waits until one more request may go.
    pub(crate) async fn admit(&self, key: &BudgetKey) {
        let bucket = self.bucket(key);
        let _turn = bucket.turn.lock().await;
        loop {
            let wait = bucket.with(|level| level.take(&self.limits));
            match wait {
                None => return,
                Some(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Learns that AWS answered.
    pub(crate) fn answered(&self, key: &BudgetKey) {
        self.bucket(key).with(|level| level.raise(&self.limits));
    }

    /// Learns that AWS asked to slow down.
    pub(crate) fn throttled(&self, key: &BudgetKey) {
        self.bucket(key).with(|level| level.halve(&self.limits));
    }

    fn bucket(&self, key: &BudgetKey) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(key) {
            return Arc::clone(bucket);
        }
        let bucket = Arc::new(Bucket {
            turn: tokio::sync::Mutex::default(),
            level: Mutex::new(Level {
                tokens: self.limits.burst,
                rate: self.limits.per_second,
                at: Instant::now(),
                throttled_at: None,
            }),
        });
        buckets.insert(key.clone(), Arc::clone(&bucket));
        bucket
    }
}

impl Bucket {
    fn with<T>(&self, act: impl FnOnce(&mut Level) -> T) -> T {
        act(&mut self.level.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Level {
    fn refill(&mut self, limits: &RequestBudget) {
        let now = Instant::now();
        let gained = (now - self.at).as_secs_f64() * self.rate;
        self.tokens = (self.tokens + gained).min(limits.burst);
        self.at = now;
    }

    /// Takes a token, or says how long until there is one.
    fn take(&mut self, limits: &RequestBudget) -> Option<Duration> {
        self.refill(limits);
        // A hair less than one, so that rounding never makes a waiter sleep for nothing.
        if self.tokens >= 1.0 - 1e-6 {
            self.tokens -= 1.0;
            return None;
        }
        Some(Duration::from_secs_f64((1.0 - self.tokens) / self.rate))
    }

    fn raise(&mut self, limits: &RequestBudget) {
        self.refill(limits);
        // With tokens to spare nobody waits, so a good answer says nothing about the limit.
        if self.tokens < 1.0 {
            self.rate = (self.rate + RAISE * limits.per_second).min(limits.ceiling);
        }
    }

    fn halve(&mut self, limits: &RequestBudget) {
        self.refill(limits);
        self.tokens = 0.0;
        let same_moment = self
            .throttled_at
            .is_some_and(|at| self.at - at < SAME_MOMENT);
        if !same_moment {
            self.rate = (self.rate / 2.0).max(limits.floor);
            self.throttled_at = Some(self.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(operation: &'static str) -> BudgetKey {
        BudgetKey {
            account: "111111111111".into(),
            region: "us-east-1".into(),
            operation,
        }
    }

    fn seconds(start: Instant) -> f64 {
        start.elapsed().as_secs_f64()
    }

    async fn take(budget: &Budget, count: usize) {
        for _ in 0..count {
            budget.admit(&key("DescribeStacks")).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_then_five_a_second() {
        let budget = Budget::new(RequestBudget::default());
        let start = Instant::now();
        take(&budget, 10).await;
        assert!(seconds(start) < 0.001, "{}", seconds(start));
        take(&budget, 10).await;
        assert!((seconds(start) - 2.0).abs() < 0.05, "{}", seconds(start));
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_the_rate_and_good_answers_bring_it_back_slowly() {
        let budget = Budget::new(RequestBudget::default());
        budget.throttled(&key("DescribeStacks"));
        let start = Instant::now();
        take(&budget, 10).await;
        assert!((seconds(start) - 4.0).abs() < 0.05, "{}", seconds(start));
        for _ in 0..50 {
            take(&budget, 1).await;
            budget.answered(&key("DescribeStacks"));
        }
        let start = Instant::now();
        take(&budget, 10).await;
        assert!((seconds(start) - 2.0).abs() < 0.1, "{}", seconds(start));
    }

    #[tokio::test(start_paused = true)]
    async fn many_throttled_answers_of_one_moment_count_once_and_the_rate_has_a_floor() {
        let budget = Budget::new(RequestBudget::default());
        for _ in 0..20 {
            budget.throttled(&key("DescribeStacks"));
        }
        let start = Instant::now();
        take(&budget, 5).await;
        assert!((seconds(start) - 2.0).abs() < 0.05, "{}", seconds(start));
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            budget.throttled(&key("DescribeStacks"));
        }
        let start = Instant::now();
        take(&budget, 1).await;
        assert!((seconds(start) - 2.0).abs() < 0.05, "{}", seconds(start));
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_rises_only_while_requests_wait_and_never_above_its_ceiling() {
        let budget = Budget::new(RequestBudget::default());
        for _ in 0..1000 {
            budget.answered(&key("DescribeStacks"));
        }
        take(&budget, 10).await;
        let start = Instant::now();
        take(&budget, 5).await;
        assert!((seconds(start) - 1.0).abs() < 0.05, "{}", seconds(start));
        for _ in 0..2000 {
            take(&budget, 1).await;
            budget.answered(&key("DescribeStacks"));
        }
        let start = Instant::now();
        take(&budget, 100).await;
        assert!((seconds(start) - 5.0).abs() < 0.1, "{}", seconds(start));
    }

    #[tokio::test(start_paused = true)]
    async fn operations_do_not_slow_each_other() {
        let budget = Budget::new(RequestBudget::default());
        take(&budget, 10).await;
        let start = Instant::now();
        budget.admit(&key("GetTemplate")).await;
        assert!(seconds(start) < 0.001);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_waiter_takes_no_token_and_blocks_nobody() {
        let budget = Budget::new(RequestBudget::default());
        take(&budget, 10).await;
        let start = Instant::now();
        for _ in 0..50 {
            let short = Duration::from_millis(1);
            let dropped = tokio::time::timeout(short, budget.admit(&key("DescribeStacks"))).await;
            assert!(dropped.is_err());
        }
        take(&budget, 1).await;
        assert!((seconds(start) - 0.2).abs() < 0.02, "{}", seconds(start));
    }
}
