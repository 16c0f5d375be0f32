//! Whether the bucket is set up so that a log in it cannot be changed unnoticed.

use super::facts::{Facts, Lock, Tried, Without};
use super::policy::{Denial, Policy, When, is_like};
use super::{Inner, Retention, RetentionMode, keys};
use interlock_app::ports::Answer;
use interlock_domain::Digest;

/// One thing that must hold, and whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What must hold, as a sentence.
    pub what: &'static str,
    /// Whether it does.
    pub outcome: CheckOutcome,
    /// What was seen.
    pub detail: String,
    /// What to do, when it does not hold or is not known.
    pub mend: Option<String>,
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// It does.
    Holds,
    /// It does not.
    Broken,
    /// It could not be found out; that is not a yes.
    Unknown,
}

/// Names of the bucket under which denials are looked for.
struct Names {
    bucket: String,
    records: [String; 2],
}

const UNCONDITIONAL: [When; 1] = [("Null", "s3:if-none-match", "true")];
/// Multipart uploads create an object only at their end.
const UNCONDITIONAL_CREATION: [When; 2] = [
    ("Null", "s3:if-none-match", "true"),
    ("Bool", "s3:ObjectCreationOperation", "true"),
];
const WITHOUT_TLS: [When; 1] = [("Bool", "aws:SecureTransport", "false")];

impl Inner {
    pub(super) async fn check_place(&self) -> Vec<Check> {
        let facts = self.facts().await;
        judge(&facts, &self.bucket, &self.log, self.required)
    }
}

impl Names {
    fn of(bucket: &str, log: &str, caller: &str) -> Self {
        let partition = caller.split(':').nth(1).filter(|name| !name.is_empty());
        let bucket = format!("arn:{}:s3:::{bucket}", partition.unwrap_or("aws"));
        Self {
            records: [
                format!("{bucket}/{}", keys::slot(log, 0)),
                format!("{bucket}/{}", keys::document(&Digest::of(b""))),
            ],
            bucket,
        }
    }
}

/// The checks of a bucket policy alone, for a policy that is not on a bucket yet. `caller` is the
/// ARN of somebody who releases.
pub fn check_policy(policy: &str, bucket: &str, log: &str, caller: &str) -> Vec<Check> {
    let names = Names::of(bucket, log, caller);
    denials(&Ok(Some(policy.to_owned())), &names, caller)
}

/// Stands for all checks when none could be made.
pub(super) fn not_checked(why: &str) -> Check {
    unknown("The place can be checked", why.to_owned(), "Try again.")
}

/// The checks that follow from facts.
pub(super) fn judge(
    facts: &Facts,
    bucket: &str,
    log: &str,
    required: Option<Retention>,
) -> Vec<Check> {
    let caller = facts.caller.as_deref().unwrap_or_default();
    let names = Names::of(bucket, log, caller);
    let mut checks = vec![who(&facts.caller), there(&facts.bucket)];
    checks.push(versioning(&facts.versioning));
    checks.push(lock(&facts.lock, required));
    checks.extend(denials(&facts.policy, &names, caller));
    checks.push(blocked(&facts.blocked));
    checks.push(encryption(&facts.encryption));
    checks.push(lifecycle(&facts.rules));
    checks.extend(tried(&facts.tried));
    checks
}

fn check(
    what: &'static str,
    outcome: CheckOutcome,
    detail: impl Into<String>,
    mend: Option<&str>,
) -> Check {
    Check {
        what,
        outcome,
        detail: detail.into(),
        mend: mend.map(str::to_owned),
    }
}

fn holds(what: &'static str, detail: impl Into<String>) -> Check {
    check(what, CheckOutcome::Holds, detail, None)
}

fn broken(what: &'static str, detail: impl Into<String>, mend: &str) -> Check {
    check(what, CheckOutcome::Broken, detail, Some(mend))
}

fn unknown(what: &'static str, detail: impl Into<String>, mend: &str) -> Check {
    check(what, CheckOutcome::Unknown, detail, Some(mend))
}

/// A question that was not answered: what is missing, and what to do.
fn unanswered(what: &'static str, error: &interlock_domain::ConnectorError) -> Check {
    let mend = error.hint.as_deref().unwrap_or("Try again.");
    unknown(what, &error.message, mend)
}

fn who(caller: &Answer<String>) -> Check {
    let what = "AWS knows the caller";
    match caller {
        Ok(arn) => holds(what, arn),
        Err(error) => unanswered(what, error),
    }
}

fn there(bucket: &Answer<()>) -> Check {
    let what = "The bucket is there and can be listed";
    match bucket {
        Ok(()) => holds(what, "it answers"),
        Err(error) if error.code.as_deref() == Some("NoSuchBucket") => broken(
            what,
            &error.message,
            "Make it from the template `ledger.yaml`, which comes with this program.",
        ),
        Err(error) => unanswered(what, error),
    }
}

fn versioning(versioning: &Answer<bool>) -> Check {
    let what = "The bucket keeps every version";
    match versioning {
        Ok(true) => holds(what, "versioning is on"),
        Ok(false) => broken(
            what,
            "versioning is off: an overwritten record would be lost",
            "Use a bucket that was made from the template.",
        ),
        Err(error) => unanswered(what, error),
    }
}

fn lock(lock: &Answer<Lock>, required: Option<Retention>) -> Check {
    let what = "Object Lock keeps every version long enough";
    let mend = "Set a default retention in the mode COMPLIANCE on the bucket (`RetentionDays` of the template).";
    let days = required.map_or(1, |required| required.days);
    match lock {
        Ok(Lock::Always(retention)) => {
            let mode = match retention.mode {
                RetentionMode::Compliance => "COMPLIANCE",
                RetentionMode::Governance => "GOVERNANCE",
            };
            let detail = format!("new versions are kept for {} days, {mode}", retention.days);
            let bypassed = retention.mode == RetentionMode::Governance
                && required.is_none_or(|required| required.mode == RetentionMode::Compliance);
            if bypassed {
                broken(what, format!("{detail}, which can be bypassed"), mend)
            } else if retention.days < days {
                broken(
                    what,
                    format!("{detail}, less than the {days} asked for"),
                    mend,
                )
            } else {
                holds(what, detail)
            }
        }
        Ok(Lock::OnRequest) => broken(
            what,
            "Object Lock is on, but without a default retention",
            mend,
        ),
        Ok(Lock::Off) => broken(
            what,
            "Object Lock is off: whatever is written can be removed",
            "Use a bucket that was made from the template.",
        ),
        Err(error) => unanswered(what, error),
    }
}

/// Something that the policy must deny to everybody.
struct Asked<'a> {
    what: &'static str,
    actions: &'a [&'a str],
    resources: &'a [&'a str],
    /// Under any one of these conditions, which make the denial narrower.
    when: &'a [&'a [When]],
    /// Whether administrators may be left out.
    may_exempt: bool,
}

const POLICY_OF_TEMPLATE: &str = "Give the bucket the policy of the template.";

fn denials(policy: &Answer<Option<String>>, names: &Names, caller: &str) -> Vec<Check> {
    let [slot, document] = names.records.each_ref().map(String::as_str);
    let bucket = names.bucket.as_str();
    let asked = [
        Asked {
            what: "The policy lets a slot be written once only",
            actions: &["s3:PutObject"],
            resources: &[slot, document],
            when: &[&UNCONDITIONAL, &UNCONDITIONAL_CREATION],
            may_exempt: false,
        },
        Asked {
            what: "The policy lets nobody delete",
            actions: &["s3:DeleteObject", "s3:DeleteObjectVersion"],
            resources: &[slot, document],
            when: &[&[]],
            may_exempt: false,
        },
        Asked {
            what: "The policy lets nobody change a retention",
            actions: &[
                "s3:PutObjectRetention",
                "s3:PutObjectLegalHold",
                "s3:BypassGovernanceRetention",
            ],
            resources: &[slot, document],
            when: &[&[]],
            may_exempt: true,
        },
        Asked {
            what: "The policy lets nobody who releases change the bucket",
            actions: &[
                "s3:PutBucketPolicy",
                "s3:DeleteBucketPolicy",
                "s3:PutLifecycleConfiguration",
                "s3:PutBucketVersioning",
                "s3:PutBucketObjectLockConfiguration",
                "s3:DeleteBucket",
            ],
            resources: &[bucket],
            when: &[&[]],
            may_exempt: true,
        },
        Asked {
            what: "The policy refuses connections without TLS",
            actions: &["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            resources: &[bucket, slot, document],
            when: &[&WITHOUT_TLS],
            may_exempt: false,
        },
    ];
    let judge: Box<dyn Fn(&Asked<'_>) -> Check> = match policy {
        Err(error) => Box::new(|asked| unanswered(asked.what, error)),
        Ok(None) => {
            Box::new(|asked| broken(asked.what, "the bucket has no policy", POLICY_OF_TEMPLATE))
        }
        Ok(Some(text)) => match Policy::read(text) {
            Err(why) => Box::new(move |asked| broken(asked.what, &why, POLICY_OF_TEMPLATE)),
            Ok(policy) => Box::new(move |asked| denial(&policy, asked, caller)),
        },
    };
    asked.iter().map(judge).collect()
}

fn denial(policy: &Policy, asked: &Asked<'_>, caller: &str) -> Check {
    let what = asked.what;
    let mut exempted: Vec<String> = Vec::new();
    for action in asked.actions {
        for resource in asked.resources {
            // Permissions of objects do not apply to the bucket, and the other way round.
            if !applies(action, resource) {
                continue;
            }
            let found =
                asked
                    .when
                    .iter()
                    .find_map(|when| match policy.denies(action, resource, when) {
                        Denial::Yes { except } => Some(except),
                        Denial::No => None,
                    });
            let Some(except) = found else {
                let detail = format!("{action} on {resource} is not denied");
                return broken(what, detail, POLICY_OF_TEMPLATE);
            };
            exempted.extend(except);
        }
    }
    exempted.sort();
    exempted.dedup();
    if exempted.is_empty() {
        return holds(what, "denied to everybody");
    }
    let detail = format!("denied to everybody but {}", exempted.join(", "));
    if !asked.may_exempt {
        return broken(what, detail, POLICY_OF_TEMPLATE);
    }
    let role = role_of(caller);
    if exempted.iter().any(|pattern| is_like(pattern, &role)) {
        let detail = format!("{detail}, and the caller is one of them");
        return broken(what, detail, "Do not release with an administrator's role.");
    }
    holds(what, detail)
}

/// Whether a permission is about such a resource: a bucket, or an object in it.
fn applies(action: &str, resource: &str) -> bool {
    let is_object = resource.contains('/');
    let of_objects = action.contains("Object") && !action.contains("BucketObject")
        || action == "s3:BypassGovernanceRetention";
    is_object == of_objects
}

/// `aws:PrincipalArn` of a caller: for a session, the ARN of its role.
fn role_of(caller: &str) -> String {
    let Some((head, rest)) = caller.split_once(":assumed-role/") else {
        return caller.to_owned();
    };
    let role = rest.split('/').next().unwrap_or_default();
    format!("{}:role/{role}", head.replacen(":sts:", ":iam:", 1))
}

fn blocked(blocked: &Answer<bool>) -> Check {
    let what = "Nothing in the bucket can be made public";
    match blocked {
        Ok(true) => holds(what, "all four blocks of public access are on"),
        Ok(false) => broken(
            what,
            "not all four blocks of public access are on",
            "Switch on \"Block all public access\" of the bucket.",
        ),
        Err(error) => unanswered(what, error),
    }
}

fn encryption(encryption: &Answer<Option<String>>) -> Check {
    let what = "What is stored is encrypted";
    match encryption {
        Ok(Some(algorithm)) => holds(what, format!("by default with {algorithm}")),
        Ok(None) => broken(
            what,
            "the bucket has no default encryption",
            "Set a default encryption on the bucket.",
        ),
        Err(error) => unanswered(what, error),
    }
}

fn lifecycle(rules: &Answer<usize>) -> Check {
    let what = "Nothing expires by a lifecycle rule";
    match rules {
        Ok(0) => holds(what, "there are no rules"),
        Ok(count) => broken(
            what,
            format!("there are {count} rules, which may hide or remove records"),
            "Remove the lifecycle rules of the bucket.",
        ),
        Err(error) => unanswered(what, error),
    }
}

fn tried(tried: &Tried) -> [Check; 2] {
    let twice = "A second write of a slot fails (tried)";
    let without = "A write without the condition is denied (tried)";
    match tried {
        Tried::Not(why) => [
            unknown(twice, why, "Try again with a role that may write."),
            unknown(without, why, "Try again with a role that may write."),
        ],
        Tried::WrittenTwice => [
            broken(
                twice,
                "an object that was there was written a second time",
                "This is no S3, or one without conditional writes: do not keep a ledger here.",
            ),
            unknown(without, "it was not tried", "Mend the line above first."),
        ],
        Tried::RefusedThen(then) => [
            holds(twice, "S3 answered that it exists"),
            match then {
                Without::Denied => holds(without, "S3 denied it"),
                Without::Written => broken(
                    without,
                    format!(
                        "the caller could overwrite {} by leaving the condition out",
                        keys::PROBE
                    ),
                    "Give the bucket the policy of the template.",
                ),
                Without::Unclear(why) => unknown(without, why, "Try again."),
            },
        ],
    }
}

#[cfg(test)]
mod tests;
