//! The bank's services, and what runs where: the table from which all history is made.

use super::model::{Kind, Promote, Service, Stack};

/// A stack as the table writes it: pattern, template, second-region environments. The variable
/// document is named after the pattern.
pub(super) struct StackPlan {
    pub pattern: &'static str,
    pub template: &'static str,
    pub second_region: &'static [&'static str],
}

/// A release as the table writes it. Ages are hours before now.
pub(super) struct ReleasePlan {
    pub version: &'static str,
    /// Age of the commit.
    pub age: f64,
    /// Ages of the deployments to dev, qa and prod; none where it did not go.
    pub deployed: [Option<f64>; 3],
}

/// A service as the table writes it.
pub(super) struct ServicePlan {
    pub name: &'static str,
    pub group: &'static str,
    pub team: &'static str,
    pub kind: Kind,
    pub repository: &'static str,
    pub promote: Promote,
    pub stacks: &'static [StackPlan],
    /// Last releases, oldest first; what is older is made up by rule.
    pub releases: &'static [ReleasePlan],
}

impl ServicePlan {
    /// The service that this line describes.
    pub fn service(&self) -> Service {
        Service {
            name: self.name.to_owned(),
            group: self.group.to_owned(),
            team: self.team.to_owned(),
            kind: self.kind,
            repository: self.repository.to_owned(),
            promote: self.promote,
            stacks: self
                .stacks
                .iter()
                .map(|stack| Stack {
                    pattern: stack.pattern.to_owned(),
                    template: stack.template.to_owned(),
                    variables: format!(
                        "variables/{{env}}/{}.json",
                        stack.pattern.replace("-{env}", "")
                    ),
                    second_region: stack.second_region.to_vec(),
                })
                .collect(),
            after: AFTER
                .iter()
                .filter(|(service, _)| *service == self.name)
                .map(|(_, before)| (*before).to_owned())
                .collect(),
        }
    }
}

/// Which service has to be delivered after which other one.
const AFTER: &[(&str, &str)] = &[
    ("transfers", "payments-api"),
    ("customer-portal", "onboarding"),
];

const HOUR: f64 = 1.0;
const DAY: f64 = 24.0;

const fn one(pattern: &'static str, template: &'static str) -> StackPlan {
    StackPlan {
        pattern,
        template,
        second_region: &[],
    }
}

const fn two_regions(
    pattern: &'static str,
    template: &'static str,
    second_region: &'static [&'static str],
) -> StackPlan {
    StackPlan {
        pattern,
        template,
        second_region,
    }
}

/// Everywhere.
const fn all(version: &'static str, age: f64, dev: f64, qa: f64, prod: f64) -> ReleasePlan {
    ReleasePlan {
        version,
        age,
        deployed: [Some(dev), Some(qa), Some(prod)],
    }
}

/// Up to qa.
const fn qa(version: &'static str, age: f64, dev: f64, qa: f64) -> ReleasePlan {
    ReleasePlan {
        version,
        age,
        deployed: [Some(dev), Some(qa), None],
    }
}

/// Only dev.
const fn dev(version: &'static str, age: f64, dev: f64) -> ReleasePlan {
    ReleasePlan {
        version,
        age,
        deployed: [Some(dev), None, None],
    }
}

/// Nowhere.
const fn nowhere(version: &'static str, age: f64) -> ReleasePlan {
    ReleasePlan {
        version,
        age,
        deployed: [None, None, None],
    }
}

use Kind::{DataStore, Edge, Identity, LambdaApi, Messaging, StaticSite, Workflow};
use Promote::{CloudFormation, Jenkins};

/// The bank. Most services are equal everywhere; `story.rs` tells what is not.
pub(super) const SERVICES: &[ServicePlan] = &[
    ServicePlan {
        name: "customer-portal",
        group: "Channels",
        team: "Web channels",
        kind: StaticSite,
        repository: "channels",
        promote: Jenkins,
        stacks: &[one(
            "customer-portal-{env}",
            "templates/s3-cloudfront/customer-portal.yaml",
        )],
        releases: &[
            all("4.16.1", 21. * DAY, 20.8 * DAY, 20. * DAY, 19. * DAY),
            qa("4.17.0", 14. * DAY, 13.8 * DAY, 13. * DAY),
            qa("4.18.0", 2.2 * DAY, 2. * DAY, 1.1 * DAY),
            dev("4.18.2", 4. * HOUR, 3. * HOUR),
        ],
    },
    ServicePlan {
        name: "users-pool",
        group: "Channels",
        team: "Identity",
        kind: Identity,
        repository: "channels",
        promote: CloudFormation,
        stacks: &[one("users-pool-{env}", "templates/cognito/users-pool.yaml")],
        releases: &[all("2.7.0", 6.5 * DAY, 6.2 * DAY, 5.6 * DAY, 5. * DAY)],
    },
    ServicePlan {
        name: "mobile-bff",
        group: "Channels",
        team: "Web channels",
        kind: LambdaApi,
        repository: "channels",
        promote: Jenkins,
        stacks: &[one("mobile-bff-{env}", "templates/lambda/mobile-bff.yaml")],
        releases: &[
            all("1.43.2", 4. * DAY, 3.8 * DAY, 3.2 * DAY, 2.4 * DAY),
            dev("1.44.0", 1.1 * HOUR, 0.6 * HOUR),
        ],
    },
    ServicePlan {
        name: "payments-api",
        group: "Payments",
        team: "Payments",
        kind: LambdaApi,
        repository: "payments",
        promote: CloudFormation,
        stacks: &[
            one("payments-api-{env}", "templates/lambda/payments-api.yaml"),
            one(
                "payments-alarms-{env}",
                "templates/cloudwatch/payments-alarms.json",
            ),
        ],
        releases: &[
            all("9.1.4", 25. * DAY, 24.8 * DAY, 24.2 * DAY, 23.2 * DAY),
            qa("9.2.0", 12. * DAY, 11.8 * DAY, 10.8 * DAY),
            qa("9.3.1", 3.2 * HOUR, 2. * HOUR, 0.85 * HOUR),
        ],
    },
    ServicePlan {
        name: "transfers",
        group: "Payments",
        team: "Payments",
        kind: LambdaApi,
        repository: "payments",
        promote: Jenkins,
        stacks: &[one("transfers-{env}", "templates/lambda/transfers.yaml")],
        releases: &[
            all("5.1.9", 14. * DAY, 13.7 * DAY, 13. * DAY, 12. * DAY),
            qa("5.2.0", 4.4 * DAY, 4.1 * DAY, 3.1 * DAY),
        ],
    },
    ServicePlan {
        name: "instant-payments",
        group: "Payments",
        team: "Payments",
        kind: LambdaApi,
        repository: "payments",
        promote: Jenkins,
        stacks: &[two_regions(
            "instant-payments-{env}",
            "templates/lambda/instant-payments.yaml",
            &["qa", "prod"],
        )],
        releases: &[all("3.6.0", 15. * DAY, 14.8 * DAY, 14. * DAY, 13. * DAY)],
    },
    ServicePlan {
        name: "exchange-rates",
        group: "Payments",
        team: "Treasury",
        kind: Workflow,
        repository: "payments",
        promote: CloudFormation,
        stacks: &[one(
            "exchange-rates-{env}",
            "templates/lambda/exchange-rates.json",
        )],
        releases: &[all("2.0.5", 33. * DAY, 32.6 * DAY, 32. * DAY, 30. * DAY)],
    },
    ServicePlan {
        name: "cards",
        group: "Cards",
        team: "Cards",
        kind: LambdaApi,
        repository: "cards",
        promote: Jenkins,
        stacks: &[one("cards-{env}", "templates/nested/cards.yaml")],
        releases: &[
            all("2.9.7", 10. * DAY, 9.6 * DAY, 8.4 * DAY, 7.3 * DAY),
            dev("3.0.0-rc.1", 4.2 * DAY, 4. * DAY),
            dev("3.0.0-rc.2", 1.4 * DAY, 1.1 * DAY),
        ],
    },
    ServicePlan {
        name: "limits",
        group: "Cards",
        team: "Cards",
        kind: LambdaApi,
        repository: "cards",
        promote: CloudFormation,
        stacks: &[one("limits-{env}", "templates/lambda/limits.yaml")],
        releases: &[all("1.9.0", 16. * DAY, 15.8 * DAY, 15. * DAY, 14. * DAY)],
    },
    ServicePlan {
        name: "accounts-api",
        group: "Accounts",
        team: "Accounts",
        kind: LambdaApi,
        repository: "accounts",
        promote: Jenkins,
        stacks: &[one(
            "accounts-api-{env}",
            "templates/lambda/accounts-api.yaml",
        )],
        releases: &[all("8.2.3", 9. * DAY, 8.7 * DAY, 7.9 * DAY, 6.9 * DAY)],
    },
    ServicePlan {
        name: "statements",
        group: "Accounts",
        team: "Accounts",
        kind: Workflow,
        repository: "accounts",
        promote: Jenkins,
        stacks: &[one("statements-{env}", "templates/lambda/statements.yaml")],
        releases: &[
            all("2.1.8", 7.4 * DAY, 7.1 * DAY, 6.2 * DAY, 5.3 * DAY),
            nowhere("2.2.0", 9. * HOUR),
        ],
    },
    ServicePlan {
        name: "onboarding",
        group: "Accounts",
        team: "Accounts",
        kind: Workflow,
        repository: "accounts",
        promote: CloudFormation,
        stacks: &[one(
            "onboarding-{env}",
            "templates/stepfunctions/onboarding.yaml",
        )],
        releases: &[
            all("3.4.2", 20. * DAY, 19.7 * DAY, 18.6 * DAY, 17.2 * DAY),
            qa("3.5.0", 2.1 * DAY, 1.9 * DAY, 1.2 * DAY),
        ],
    },
    ServicePlan {
        name: "ledger-export",
        group: "Accounts",
        team: "Finance",
        kind: Workflow,
        repository: "accounts",
        promote: CloudFormation,
        stacks: &[one(
            "ledger-export-{env}",
            "templates/lambda/ledger-export.yaml",
        )],
        releases: &[qa("0.4.0", 6.3 * DAY, 6. * DAY, 4.8 * DAY)],
    },
    ServicePlan {
        name: "fraud-scoring",
        group: "Risk",
        team: "Risk",
        kind: LambdaApi,
        repository: "risk",
        promote: Jenkins,
        stacks: &[two_regions(
            "fraud-scoring-{env}",
            "templates/lambda/fraud-scoring.yaml",
            &["prod"],
        )],
        releases: &[all("7.7.1", 3.4 * DAY, 3.1 * DAY, 2.3 * DAY, 1.3 * DAY)],
    },
    ServicePlan {
        name: "transactions-table",
        group: "Platform",
        team: "Data",
        kind: DataStore,
        repository: "platform",
        promote: CloudFormation,
        stacks: &[one(
            "transactions-table-{env}",
            "templates/dynamodb/transactions-table.json",
        )],
        releases: &[
            all("1.11.0", 43. * DAY, 42.5 * DAY, 42. * DAY, 41. * DAY),
            qa("1.12.0", 12. * DAY, 11.5 * DAY, 10.4 * DAY),
        ],
    },
    ServicePlan {
        name: "notifications",
        group: "Platform",
        team: "Platform",
        kind: Messaging,
        repository: "platform",
        promote: Jenkins,
        stacks: &[two_regions(
            "notifications-{env}",
            "templates/sns-sqs/notifications.yaml",
            &["qa", "prod"],
        )],
        releases: &[all("6.4.3", 5.4 * DAY, 5.1 * DAY, 4.2 * DAY, 3.2 * DAY)],
    },
    ServicePlan {
        name: "edge-waf",
        group: "Platform",
        team: "Security",
        kind: Edge,
        repository: "platform",
        promote: CloudFormation,
        stacks: &[two_regions(
            "edge-waf-{env}",
            "templates/wafv2/edge-waf.json",
            &["qa", "prod"],
        )],
        releases: &[all("1.3.0", 29. * DAY, 28.8 * DAY, 28.4 * DAY, 28. * DAY)],
    },
    ServicePlan {
        name: "audit-trail",
        group: "Platform",
        team: "Security",
        kind: DataStore,
        repository: "platform",
        promote: Jenkins,
        stacks: &[one("audit-trail-{env}", "templates/s3/audit-trail.yaml")],
        releases: &[all("1.1.2", 50. * DAY, 49.5 * DAY, 49. * DAY, 48. * DAY)],
    },
];
