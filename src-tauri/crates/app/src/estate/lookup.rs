//! Which service a stack belongs to.

use super::{Estate, Service, StackPattern};
use interlock_domain::EnvironmentName;
use std::collections::HashMap;

impl StackPattern {
    /// Whether a stack of this name in this environment is meant; gives its name without the
    /// environment, so that the same stack of two environments can be paired.
    pub fn match_name(&self, stack: &str, environment: &EnvironmentName) -> Option<String> {
        let pattern = self.pattern.replace("{env}", environment.as_str());
        glob(pattern.as_bytes(), stack.as_bytes())
            .then(|| self.without_environment(stack, environment))
    }

    /// The stack name that the pattern means in an environment; none when it has a `*`.
    pub fn name_in(&self, environment: &EnvironmentName) -> Option<String> {
        (!self.pattern.contains('*')).then(|| self.pattern.replace("{env}", environment.as_str()))
    }

    fn without_environment(&self, stack: &str, environment: &EnvironmentName) -> String {
        let env = environment.as_str();
        if !self.pattern.contains("{env}") {
            return stack.to_owned();
        }
        for (found, rest) in [
            (format!("-{env}"), ""),
            (format!("{env}-"), ""),
            (env.to_owned(), ""),
        ] {
            if let Some(at) = stack.rfind(&found) {
                return format!("{}{rest}{}", &stack[..at], &stack[at + found.len()..]);
            }
        }
        stack.to_owned()
    }
}

/// Who claims the stacks of one environment: made once, asked for each of thousands of stacks.
#[derive(Debug)]
pub struct Claims<'e> {
    environment: EnvironmentName,
    exact: HashMap<String, (&'e Service, &'e StackPattern)>,
    loose: Vec<(&'e Service, &'e StackPattern)>,
}

impl<'e> Claims<'e> {
    /// The service that claims a stack, with the matching pattern and the stack's name without
    /// the environment. A pattern without `*` wins over one with it.
    pub fn of(&self, stack: &str) -> Option<(&'e Service, &'e StackPattern, String)> {
        if let Some((service, pattern)) = self.exact.get(stack) {
            let name = pattern.without_environment(stack, &self.environment);
            return Some((service, pattern, name));
        }
        self.loose.iter().find_map(|(service, pattern)| {
            let name = pattern.match_name(stack, &self.environment)?;
            Some((*service, *pattern, name))
        })
    }
}

impl Estate {
    /// Who claims the stacks of an environment.
    pub fn claims(&self, environment: &EnvironmentName) -> Claims<'_> {
        let mut claims = Claims {
            environment: environment.clone(),
            exact: HashMap::with_capacity(self.services.len()),
            loose: Vec::new(),
        };
        for service in &self.services {
            for pattern in &service.stacks {
                match pattern.name_in(environment) {
                    Some(name) => {
                        claims.exact.entry(name).or_insert((service, pattern));
                    }
                    None => claims.loose.push((service, pattern)),
                }
            }
        }
        claims
    }

    /// The service that claims one stack; see [`Claims::of`].
    pub fn claim(
        &self,
        stack: &str,
        environment: &EnvironmentName,
    ) -> Option<(&Service, &StackPattern, String)> {
        self.claims(environment).of(stack)
    }
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|cut| glob(rest, &text[cut..])),
        Some((first, rest)) => text.first() == Some(first) && glob(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> StackPattern {
        StackPattern {
            pattern: text.into(),
            template: None,
            variables: None,
        }
    }

    #[test]
    fn pairs_stacks_of_two_environments() {
        let (qa, prod) = (
            EnvironmentName::new("qa").unwrap(),
            EnvironmentName::new("prod").unwrap(),
        );
        let p = pattern("payments-api-{env}");
        assert_eq!(
            p.match_name("payments-api-qa", &qa).as_deref(),
            Some("payments-api")
        );
        assert_eq!(
            p.match_name("payments-api-prod", &prod).as_deref(),
            Some("payments-api")
        );
        assert_eq!(p.match_name("payments-api-qa", &prod), None);
    }

    #[test]
    fn stars_match_any_run() {
        let prod = EnvironmentName::new("prod").unwrap();
        let p = pattern("{env}-cards-*");
        assert_eq!(
            p.match_name("prod-cards-limits", &prod).as_deref(),
            Some("cards-limits")
        );
        assert_eq!(p.match_name("prod-cards", &prod), None);
    }
}
