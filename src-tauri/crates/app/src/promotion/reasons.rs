//! Why somebody may not do something, in words that name the policy.

use super::permission::{Question, Voice, known_as};
use interlock_domain::person::{Person, Role};
use interlock_ledger::authorship;
use interlock_policy::{Action, Authorizer, Decision, Request};

impl Question<'_> {
    /// The words of a decision that denies.
    pub(super) fn words(
        &self,
        authorizer: &Authorizer,
        decision: &Decision,
        request: &Request,
        person: &Person,
        voice: Voice,
    ) -> String {
        if !decision.errors.is_empty() {
            return format!("a policy ended in an error: {}", decision.errors.join("; "));
        }
        if decision.because.is_empty() {
            return self.not_permitted(request, voice);
        }
        let each = decision.because.iter().zip(&decision.reasons);
        let told: Vec<String> = each
            .map(|(policy, says)| {
                let reason = match policy.as_str() {
                    "guard-author" | "guard-committer" | "guard-merger" => {
                        let manifest = self.promotion.manifest.as_ref();
                        let known_as = known_as(person, self.roster);
                        let wrote = manifest.map_or_else(
                            || says.clone(),
                            |it| authorship(it, &person.id, &known_as),
                        );
                        spoken(&wrote, voice)
                    }
                    "guard-gates" => self.what_stops_it().unwrap_or_else(|| says.clone()),
                    "guard-approvals" => match request.standing.approvals_missing {
                        1 => "one approval is missing".into(),
                        missing => format!("{missing} approvals are missing"),
                    },
                    "guard-frozen" => match self.freeze() {
                        Some(freeze) => format!(
                            "{} is frozen until {}: {}",
                            self.promotion.to, freeze.ends, freeze.name
                        ),
                        None => says.clone(),
                    },
                    _ => match (voice, authorizer.annotation(policy, "you")) {
                        (Voice::You, Some(you)) => you.to_owned(),
                        _ => says.clone(),
                    },
                };
                format!("{reason} (policy {policy})")
            })
            .collect();
        told.join("; ")
    }

    fn what_stops_it(&self) -> Option<String> {
        let verdict = self.verdicts.iter().find(|verdict| verdict.blocks())?;
        Some(format!("{}: {}", verdict.gate, verdict.summary))
    }

    fn not_permitted(&self, request: &Request, voice: Voice) -> String {
        let role = match request.actor.role {
            Role::Developer => "a developer",
            Role::Lead => "a lead",
            Role::ReleaseManager => "a release manager",
        };
        let decides = matches!(request.action, Action::Approve | Action::Reject);
        if decides && !request.standing.qualifies {
            let mut from: Vec<String> = self
                .promotion
                .rules()
                .into_iter()
                .flat_map(|r| r.from)
                .collect();
            from.sort();
            from.dedup();
            let asked = from.join(" or ").replace('-', " ");
            return match voice {
                Voice::You => format!("you are {role}, and its approvals are asked of {asked}"),
                Voice::They => format!("is {role}, and its approvals are asked of {asked}"),
            };
        }
        let what = match request.action {
            Action::Request => "ask for it",
            Action::Approve => "approve it",
            Action::Reject => "reject it",
            Action::Withdraw => "withdraw it",
            Action::Execute => "start or stop it",
            Action::Waive => "waive a gate",
            Action::BreakGlass => "break the glass",
            Action::Review => "review it",
            Action::ChangeRoster | Action::ChangePolicy => "change that",
        };
        let (to, standing) = (&request.target.to, &request.standing);
        match request.action {
            Action::Request if !standing.is_requester => match &self.promotion.manifest {
                Some(manifest) => format!("{} prepared it and has to ask", manifest.requester),
                None => "who prepares it has to ask".into(),
            },
            Action::Withdraw if !standing.is_requester => {
                format!("no policy lets {role} give up what somebody else asked for")
            }
            _ => format!("no policy lets {role} {what} in {to}"),
        }
    }
}

/// A barrier of the ledger, which begins after the person's name.
pub(super) fn spoken(barrier: &str, voice: Voice) -> String {
    match voice {
        Voice::They => barrier.to_owned(),
        Voice::You => match barrier.split_once(' ') {
            Some(("is", rest)) => format!("you are {}", rest.replace(" them", " you")),
            Some(("has", rest)) => format!("you have {rest}"),
            Some(("changes", rest)) => format!("you change {rest}"),
            _ => format!("you {barrier}"),
        },
    }
}
