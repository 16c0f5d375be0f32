//! The freezes that are ahead of an environment, and whether a promotion that is started now would run
//! into one.

use crate::console::{Console, UseCase, UseCaseError};
use interlock_domain::{EnvironmentName, ServiceName, Timestamp};
use interlock_policy::{Evidence, Forecast, Freeze, Rule, current_or_next, forecast, gates_for};
use jiff::tz::TimeZone;

/// Freezes in the order in which they begin.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The environment.
    pub environment: EnvironmentName,
    /// The service that it is asked for; none takes those that are for any service.
    pub service: Option<ServiceName>,
    /// When it was asked.
    pub now: Timestamp,
    /// Those that hold or are ahead.
    pub freezes: Vec<FreezeAhead>,
    /// What the past says about how long a promotion takes; none without a service.
    pub takes: Option<Takes>,
}

/// A freeze that holds or is ahead.
#[derive(Debug, Clone)]
pub struct FreezeAhead {
    /// Name.
    pub name: String,
    /// Which file declares it.
    pub source: String,
    /// Start.
    pub starts: Timestamp,
    /// End.
    pub ends: Timestamp,
    /// The zone on whose wall clock it is declared.
    pub zone: TimeZone,
    /// Whether it holds now.
    pub holds: bool,
}

/// How long a promotion takes, and what that makes of the next freeze.
#[derive(Debug, Clone)]
pub enum Takes {
    /// Judged by the past, or as the policy assumes where there is none.
    Known {
        /// Whether it is assumed.
        assumed: bool,
        /// Seconds within which nineteen of twenty ended.
        seconds: u64,
        /// Past promotions that it is taken from.
        runs: usize,
        /// When one that is started now would be over.
        over: Timestamp,
        /// The freeze that it would run into, if any.
        runs_into: Option<String>,
    },
    /// It cannot be told.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Console {
    /// The freezes ahead of an environment, at most `limit`.
    pub fn calendar(
        &self,
        environment: &EnvironmentName,
        service: Option<&ServiceName>,
        limit: usize,
    ) -> UseCase<Calendar> {
        let target = self.environment(environment)?;
        let service = service.map(|name| self.service(name)).transpose()?;
        let now = self.now();
        let declared: Vec<&Freeze> = self
            .estate
            .freezes_in(&target.environment, service)
            .collect();
        let mut freezes: Vec<FreezeAhead> = declared
            .iter()
            .flat_map(|freeze| {
                freeze.ahead(now).take(limit).map(|ahead| FreezeAhead {
                    holds: ahead.holds_at(now),
                    name: ahead.name,
                    source: freeze.source.clone(),
                    starts: ahead.starts,
                    ends: ahead.ends,
                    zone: freeze.zone(),
                })
            })
            .collect();
        freezes.sort_by(|a, b| (a.starts, &a.name).cmp(&(b.starts, &b.name)));
        freezes.truncate(limit);
        let takes = match service {
            None => None,
            Some(service) => Some(self.takes(environment, service, &declared, now)?),
        };
        Ok(Calendar {
            environment: environment.clone(),
            service: service.map(|service| service.name.clone()),
            now,
            freezes,
            takes,
        })
    }

    fn takes(
        &self,
        environment: &EnvironmentName,
        service: &crate::estate::Service,
        declared: &[&Freeze],
        now: Timestamp,
    ) -> UseCase<Takes> {
        let from =
            self.estate
                .promotes_from(environment)
                .ok_or_else(|| UseCaseError::Precondition {
                    reason: format!(
                        "{environment} is the first environment: nothing is promoted into it"
                    ),
                })?;
        let subject = self.subject(None, service, &from.environment.name, environment)?;
        let past = self.past_durations(&subject);
        let assumed = gates_for(&self.estate.policy, &subject)
            .iter()
            .find_map(|gate| match &gate.rule {
                Rule::Freeze { assume, .. } => *assume,
                _ => None,
            });
        let (past, is_assumed) = match (past, assumed) {
            (
                Evidence {
                    value: Ok(past), ..
                },
                _,
            ) if !past.is_empty() => (past, false),
            (_, Some(assumed)) => (vec![assumed.0], true),
            (
                Evidence {
                    value: Err(reason), ..
                },
                None,
            ) => return Ok(Takes::Unknown { reason }),
            (Evidence { value: Ok(_), .. }, None) => {
                return Ok(Takes::Unknown {
                    reason: format!(
                        "no promotion of {} into {environment} has succeeded yet",
                        service.name
                    ),
                });
            }
        };
        let next = current_or_next(declared.iter().copied(), now);
        // Without a freeze ahead only the time that it takes is of interest.
        let next = next.unwrap_or(interlock_policy::Occurrence {
            name: String::new(),
            starts: Timestamp::MAX,
            ends: Timestamp::MAX,
        });
        let Some(Forecast {
            takes,
            runs,
            over,
            runs_into,
        }) = forecast(&past, &next, now)
        else {
            return Ok(Takes::Unknown {
                reason: "there is no past".into(),
            });
        };
        Ok(Takes::Known {
            assumed: is_assumed,
            seconds: takes.0,
            runs: if is_assumed { 0 } else { runs },
            over,
            runs_into: runs_into.then_some(next.name),
        })
    }
}
