//! Three months of releases and deployments, made from the service table and a fixed rule.
//!
//! The last releases of a service are told by the table; the older ones are counted back from
//! them. Times fall into working hours in Bogotá, so that nothing but the story breaks a freeze.

use super::{
    Version,
    chance::Chance,
    model::{Deployment, ENVIRONMENTS, Promote, Release, Via},
    services::ServicePlan,
    story,
};
use jiff::{SignedDuration, Timestamp};

/// How far history goes back, in hours.
const DEPTH: f64 = 92.0 * 24.0;

/// Releases of one service, oldest first, with their deployments; commits are not known yet.
pub(super) struct ServiceHistory {
    pub releases: Vec<Release>,
    pub deployments: Vec<Deployment>,
}

struct Planned {
    version: Version,
    age: f64,
    deployed: [Option<f64>; 3],
}

/// History of one service before `now`.
pub(super) fn of_service(plan: &ServicePlan, now: Timestamp) -> ServiceHistory {
    let mut chance = Chance::of(plan.name);
    let mut planned: Vec<Planned> = plan
        .releases
        .iter()
        .map(|release| Planned {
            version: release
                .version
                .parse()
                .expect("the table holds versions only"),
            age: release.age,
            deployed: release.deployed,
        })
        .collect();
    let reaches_prod = planned.iter().any(|p| p.deployed[2].is_some());
    while let Some(oldest) = planned.first() {
        let age = oldest.age + chance.between(5.0 * 24.0, 15.0 * 24.0);
        let Some(version) = before(oldest.version, &mut chance) else {
            break;
        };
        if age > DEPTH {
            break;
        }
        let goes_on = reaches_prod && chance.whole(0, 5) > 0;
        let dev = age - chance.between(1.0, 8.0);
        let qa = dev - chance.between(14.0, 30.0);
        let prod = qa - chance.between(20.0, 50.0);
        planned.insert(
            0,
            Planned {
                version,
                age,
                deployed: [Some(dev), Some(qa), goes_on.then_some(prod)],
            },
        );
    }
    releases_and_deployments(plan, &planned, now, &mut chance)
}

/// The version before, counted down; none before the first.
fn before(version: Version, chance: &mut Chance) -> Option<Version> {
    let [major, minor, patch] = version.numbers();
    let numbers = if patch > 0 {
        [major, minor, patch - 1]
    } else if minor > 0 {
        [major, minor - 1, chance.whole(0, 4)]
    } else if major > 0 {
        [major - 1, chance.whole(4, 12), chance.whole(0, 3)]
    } else {
        return None;
    };
    (numbers > [0, 1, 0]).then(|| Version::new(numbers))
}

fn releases_and_deployments(
    plan: &ServicePlan,
    planned: &[Planned],
    now: Timestamp,
    chance: &mut Chance,
) -> ServiceHistory {
    let first_build = chance.whole(90, 1100);
    let first_deploy = chance.whole(120, 400);
    let mut history = ServiceHistory {
        releases: Vec::new(),
        deployments: Vec::new(),
    };
    for (release, build) in planned.iter().zip(first_build..) {
        history.releases.push(Release {
            service: plan.name.to_owned(),
            version: release.version,
            commit: String::new(),
            time: at(now, release.age),
            author: story::author(plan.name, chance).to_owned(),
            build,
            outcome: story::build_outcome(plan.name, &release.version),
        });
        for (environment, age) in ENVIRONMENTS.iter().zip(release.deployed) {
            let Some(age) = age else { continue };
            let (by, approved_by) = people_for(environment.name, chance);
            history.deployments.push(Deployment {
                id: 0,
                service: plan.name.to_owned(),
                environment: environment.name,
                version: release.version,
                commit: String::new(),
                started: at(now, age),
                seconds: chance.whole(70, 420),
                by: by.to_owned(),
                approved_by: approved_by.iter().map(|id| (*id).to_owned()).collect(),
                via: Via::Jenkins(0),
                outcome: story::deployment_outcome(plan.name, &release.version, environment.name),
            });
        }
    }
    history.deployments.sort_by_key(|d| d.started);
    for (deployment, number) in history.deployments.iter_mut().zip(first_deploy..) {
        deployment.via = match plan.promote {
            Promote::Jenkins => Via::Jenkins(number),
            Promote::CloudFormation => Via::CloudFormation(format!(
                "interlock-{}-{}",
                deployment.version.to_string().replace('.', "-"),
                number
            )),
        };
    }
    history
}

fn people_for(environment: &str, chance: &mut Chance) -> (&'static str, Vec<&'static str>) {
    match environment {
        // Leads approve and start nothing; outside dev only release managers hold a role that changes stacks.
        "dev" => (chance.pick(&["s.lara", "s.lara", "a.ruiz"]), vec![]),
        "qa" => (chance.pick(&["l.prado", "a.ruiz"]), vec!["d.mora"]),
        _ => {
            if chance.whole(0, 2) == 0 {
                ("a.ruiz", vec!["l.prado"])
            } else {
                ("l.prado", vec!["a.ruiz"])
            }
        }
    }
}

/// The moment `hours` before now; what is older than a day falls into working hours.
pub(super) fn at(now: Timestamp, hours: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "hours of three months fit")]
    let seconds = (hours * 3600.0) as i64;
    let exact = now - SignedDuration::from_secs(seconds);
    if hours < 24.0 {
        return exact;
    }
    working_time(exact)
}

/// Squeezes a week into its fifty working hours, keeping the order of moments.
fn working_time(moment: Timestamp) -> Timestamp {
    const HOUR: i64 = 3600;
    const WEEK: i64 = 7 * 24 * HOUR;
    // Monday 1970-01-05 00:00 in Bogotá, which is UTC-5 all year.
    const MONDAY: i64 = 4 * 24 * HOUR + 5 * HOUR;
    let since = moment.as_second() - MONDAY;
    let (week, within) = (since.div_euclid(WEEK), since.rem_euclid(WEEK));
    let worked = within * 50 / 168;
    let (day, second) = (worked / (10 * HOUR), worked % (10 * HOUR));
    let squeezed = MONDAY + week * WEEK + day * 24 * HOUR + 8 * HOUR + second;
    Timestamp::from_second(squeezed).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_order_and_fall_into_working_hours() {
        let bogota = jiff::tz::TimeZone::get("America/Bogota").unwrap();
        let start: Timestamp = "2026-08-20T00:00:00Z".parse().unwrap();
        let mut last = Timestamp::MIN;
        for quarter in 0..(4 * 24 * 21) {
            let moved = working_time(start + SignedDuration::from_mins(15 * quarter));
            assert!(moved > last);
            last = moved;
            let local = moved.to_zoned(bogota.clone());
            assert!((8..18).contains(&local.hour()), "{local}");
            assert!(local.weekday().to_monday_zero_offset() < 5, "{local}");
        }
    }
}
