//! Builders for tests.

use interlock_domain::{
    StackName,
    stack::{Stack, StackDrift, StackStatus},
};

/// A stable stack of this name.
pub(crate) fn stack(name: &str) -> Stack {
    Stack {
        id: format!("arn:aws:cloudformation:us-east-1:111111111111:stack/{name}/1"),
        name: StackName::new(name).unwrap(),
        status: StackStatus("UPDATE_COMPLETE".into()),
        status_reason: None,
        description: None,
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        updated_at: None,
        parameters: vec![],
        outputs: vec![],
        tags: std::collections::BTreeMap::default(),
        drift: StackDrift {
            status: "NOT_CHECKED".into(),
            checked_at: None,
        },
        parent: None,
        capabilities: vec![],
        role: None,
        termination_protection: false,
    }
}
