//! Checks of an environment and its freeze windows.

use super::Check;
use crate::estate::{
    EstateEnvironment, Freeze, FreezeSpan, Weekly,
    raw::{RawEnvironment, RawFreeze},
};
use interlock_domain::{AccountId, Environment, EnvironmentName, Region, Tier, Timestamp};
use interlock_policy::{WEEKLY, weekday_time};
use jiff::{civil, civil::Weekday, tz::TimeZone};
use std::collections::BTreeSet;
use toml::Spanned;

impl Check<'_> {
    pub(super) fn environment(
        &mut self,
        raw: &RawEnvironment,
        index: usize,
    ) -> Option<EstateEnvironment> {
        let at = |field: &str| format!("environments[{index}].{field}");
        let name = self.take(
            &raw.name,
            &at("name"),
            EnvironmentName::new(raw.name.get_ref().clone()),
        );
        let account = self.take(
            &raw.account,
            &at("account"),
            AccountId::new(raw.account.get_ref().clone()),
        );
        let tier = match raw.tier.get_ref().as_str() {
            "development" => Some(Tier::Development),
            "test" => Some(Tier::Test),
            "production" => Some(Tier::Production),
            other => {
                self.report(
                    raw.tier.span(),
                    at("tier"),
                    format!("`{other}` is not a tier"),
                    Some("Use `development`, `test` or `production`."),
                );
                None
            }
        };
        if raw.regions.is_empty() {
            self.report(
                raw.name.span(),
                at("regions"),
                "no region is declared",
                Some("Add at least one, such as \"us-east-1\"."),
            );
        }
        let regions: Vec<_> = raw
            .regions
            .iter()
            .enumerate()
            .filter_map(|(i, r)| {
                self.take(
                    r,
                    &at(&format!("regions[{i}]")),
                    Region::new(r.get_ref().clone()),
                )
            })
            .collect();
        let mut once = BTreeSet::new();
        for (i, region) in raw.regions.iter().enumerate() {
            if !once.insert(region.get_ref()) {
                self.report(
                    region.span(),
                    at(&format!("regions[{i}]")),
                    format!("region `{}` is listed twice", region.get_ref()),
                    None,
                );
            }
        }
        if let Some(endpoint) = &raw.endpoint {
            self.address(endpoint, &at("endpoint"));
        }
        let freezes = raw
            .freezes
            .iter()
            .enumerate()
            .filter_map(|(i, f)| self.freeze(f, &at(&format!("freezes[{i}]"))))
            .collect();
        let (name, account, tier) = (name?, account?, tier?);
        Some(EstateEnvironment {
            approvals: raw.approvals.unwrap_or(u32::from(tier == Tier::Production)),
            environment: Environment {
                name,
                tier,
                account,
                regions,
            },
            profile: raw.profile.clone(),
            role: raw.role.clone(),
            release_role: raw.release_role.clone(),
            endpoint: raw.endpoint.as_ref().map(|e| e.get_ref().clone()),
            freezes,
        })
    }

    fn freeze(&mut self, raw: &RawFreeze, at: &str) -> Option<Freeze> {
        let name = raw.name.get_ref().clone();
        if let Some(weekly) = &raw.weekly {
            if raw.from.is_some() || raw.to.is_some() {
                self.report(
                    raw.name.span(),
                    at.to_owned(),
                    format!("freeze `{name}` is both weekly and from a time to a time"),
                    Some("Make two freezes of it."),
                );
            }
            if weekly.from.get_ref() == weekly.to.get_ref() {
                self.report(
                    weekly.to.span(),
                    format!("{at}.weekly.to"),
                    format!("freeze `{name}` ends when it begins"),
                    Some("Write a later day or time; it may be in the next week."),
                );
            }
            let zone_text = raw.zone.as_ref();
            let zone = match zone_text {
                Some(zone) => TimeZone::get(zone.get_ref()).map_err(|_| zone),
                None => Ok(TimeZone::UTC),
            };
            let zone = match zone {
                Ok(zone) => Some(zone),
                Err(zone) => {
                    self.report(
                        zone.span(),
                        format!("{at}.zone"),
                        format!("`{}` is not a time zone", zone.get_ref()),
                        Some("Use an IANA name such as \"America/Bogota\"."),
                    );
                    None
                }
            };
            let from = self.weekday_time(&weekly.from, &format!("{at}.weekly.from"));
            let to = self.weekday_time(&weekly.to, &format!("{at}.weekly.to"));
            let span = FreezeSpan::Weekly(Weekly {
                from: from?,
                to: to?,
                zone: zone?,
            });
            return Some(Freeze::of_estate(name, span));
        }
        let (Some(from), Some(to)) = (&raw.from, &raw.to) else {
            self.report(
                raw.name.span(),
                at.to_owned(),
                format!("freeze `{name}` says neither `weekly` nor both `from` and `to`"),
                Some("Write weekly = { from = \"Fri 18:00\", to = \"Mon 06:00\" }, or from and to as RFC 3339 times."),
            );
            return None;
        };
        let start: Option<Timestamp> =
            self.take(from, &format!("{at}.from"), from.get_ref().parse());
        let end: Option<Timestamp> = self.take(to, &format!("{at}.to"), to.get_ref().parse());
        if let (Some(start), Some(end)) = (&start, &end)
            && end <= start
        {
            self.report(
                to.span(),
                format!("{at}.to"),
                format!("freeze `{name}` ends before it begins"),
                Some("Exchange `from` and `to`, or correct the date."),
            );
        }
        let span = FreezeSpan::Once {
            from: start?,
            to: end?,
        };
        Some(Freeze::of_estate(name, span))
    }

    fn weekday_time(&mut self, raw: &Spanned<String>, at: &str) -> Option<(Weekday, civil::Time)> {
        let parsed = weekday_time(raw.get_ref());
        if parsed.is_none() {
            self.report(
                raw.span(),
                at,
                format!("`{}` is not a day and a time", raw.get_ref()),
                Some(WEEKLY),
            );
        }
        parsed
    }
}
