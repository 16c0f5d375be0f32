//! Reads who was denied what in AWS's sentence, and says it for people.

/// Who was denied what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    /// ARN of the caller.
    pub who: Option<String>,
    /// Permission that is missing, such as `cloudformation:ExecuteChangeSet`.
    pub permission: Option<String>,
    /// ARN of the resource.
    pub resource: Option<String>,
    /// Whether a rule forbids it, rather than none allowing it.
    pub explicit: bool,
}

impl Denial {
    /// Reads `User: X is not authorized to perform: A on resource: R because ...`.
    pub(crate) fn read(message: &str) -> Self {
        Self {
            who: word_after(message, "User: ").filter(|word| word.starts_with("arn:")),
            permission: word_after(message, "not authorized to perform: ")
                .filter(|word| word.contains(':')),
            resource: word_after(message, "on resource: "),
            explicit: message.contains("explicit deny"),
        }
    }
}

fn word_after(text: &str, mark: &str) -> Option<String> {
    let start = text.find(mark)? + mark.len();
    let word = text[start..].split_whitespace().next()?;
    let word = word.trim_matches(['"', '\'']).trim_end_matches(['.', ',']);
    (!word.is_empty()).then(|| word.to_owned())
}

/// A caller for people: `ana.ruiz (role ReleaseManager)`.
pub(crate) fn person(arn: &str) -> String {
    let path = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next_back()) {
        (Some("assumed-role"), Some(role), Some(session)) => format!("{session} (role {role})"),
        (Some("root"), None, None) => "the root user".into(),
        (Some(_), Some(name), None) | (Some(_), Some(_), Some(name)) => name.to_owned(),
        _ => arn.to_owned(),
    }
}

/// The last part of a caller's ARN: the user, or the name of the session.
pub(crate) fn caller_name(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_sentence_of_aws() {
        let denial = Denial::read(
            "User: arn:aws:sts::333333333333:assumed-role/Reader/ana is not authorized to \
             perform: cloudformation:DeleteStack on resource: \
             arn:aws:cloudformation:us-east-1:333333333333:stack/x/* because no identity-based \
             policy allows the cloudformation:DeleteStack action",
        );
        assert_eq!(
            denial.who.as_deref(),
            Some("arn:aws:sts::333333333333:assumed-role/Reader/ana")
        );
        assert_eq!(
            denial.permission.as_deref(),
            Some("cloudformation:DeleteStack")
        );
        assert_eq!(
            denial.resource.as_deref(),
            Some("arn:aws:cloudformation:us-east-1:333333333333:stack/x/*")
        );
        assert!(!denial.explicit);
        assert!(Denial::read("... with an explicit deny in a policy").explicit);
        assert_eq!(Denial::read("Access denied").who, None);
        assert_eq!(Denial::read("User: is not authorized").who, None);
    }

    #[test]
    fn a_caller_is_named_as_people_name_each_other() {
        for (arn, name) in [
            (
                "arn:aws:sts::333333333333:assumed-role/Reader/ana.ruiz",
                "ana.ruiz (role Reader)",
            ),
            ("arn:aws:iam::333333333333:user/ana", "ana"),
            ("arn:aws:iam::333333333333:user/team/ana", "ana"),
            ("arn:aws:iam::333333333333:root", "the root user"),
            ("whoever", "whoever"),
        ] {
            assert_eq!(person(arn), name);
        }
        assert_eq!(caller_name("arn:aws:sts::1:assumed-role/R/ana"), "ana");
        assert_eq!(caller_name("arn:aws:iam::1:root"), "root");
    }
}
