//! A small stateful cloud and bank for tests of the use cases.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "support of tests; each test binary uses a part of it"
)]

mod changer;
pub mod ending;
pub mod jenkins;
mod twists;

use async_trait::async_trait;
use interlock_app::{
    Console, Ports,
    estate::parse,
    ports::{Answer, Clock, IdentityReader, KeyRing, KeyUnavailable, StackReader, TemplateStage},
};
use interlock_domain::{
    ConnectorError, FaultKind, Scope, SystemKind, Timestamp,
    change_set::{ChangeSet, ChangeSetOrder, ChangeSetState, OpenChangeSet, ResourceChange},
    person::SystemIdentity,
    stack::{ResourceDrift, Stack, StackDrift, StackEvent, StackResource, StackStatus},
};
use interlock_domain::{Digest, PersonId};
use interlock_ledger::{Ed25519Signer, Ledger, Signer, SqliteStore, roster::MemberKey};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

pub const ESTATE: &str = r#"
name = "Test"
[[environments]]
name = "qa"
tier = "test"
account = "222222222222"
regions = ["us-east-1"]
[[environments]]
name = "prod"
tier = "production"
account = "333333333333"
regions = ["us-east-1"]
[[services]]
name = "payments-api"
stacks = ["payments-api-{env}"]
[version]
tag = "version"
[[people]]
id = "ana"
name = "Ana Ruiz"
role = "release-manager"
[[people]]
id = "luis"
name = "Luis Prado"
role = "release-manager"
[[people]]
id = "eva"
name = "Eva Soto"
role = "release-manager"
[[people]]
id = "sofia"
name = "Sofia Lara"
role = "developer"
"#;

pub const TEMPLATE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

/// Time as the runtime tells it: real, or in leaps where a test has paused it.
pub struct Wall;

/// Now, by that time.
pub fn wall() -> Timestamp {
    static BEGAN: LazyLock<(Timestamp, std::time::Instant)> =
        LazyLock::new(|| (Timestamp::now(), std::time::Instant::now()));
    let (at, began) = *BEGAN;
    let now = tokio::time::Instant::now().into_std();
    let past = now.saturating_duration_since(began);
    at + jiff::SignedDuration::try_from(past).unwrap()
}

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        wall()
    }
}

use twists::Twists;

/// What goes wrong with the next ExecuteChangeSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// It takes place, and its reply is lost.
    LoseReply,
    /// It does not take place, and no reply comes.
    LoseRequest,
    /// The resource fails and the stack rolls back.
    RollBack,
    /// Throttled so many times.
    Throttle(u32),
    /// Somebody else changes the stack just before.
    Overtaken,
    /// It goes on until it is let go.
    Hold,
    /// The resource fails, and so does the rollback.
    RollBackBadly,
    /// The login has run out so many times.
    LoggedOut(u32),
}

pub(crate) struct StackState {
    pub(crate) stack: Stack,
    template: String,
    pub(crate) events: Vec<StackEvent>,
}

pub(crate) struct SetState {
    pub(crate) set: ChangeSet,
    pub(crate) order: ChangeSetOrder,
}

pub struct Cloud {
    pub(crate) stacks: Mutex<BTreeMap<String, StackState>>,
    pub(crate) sets: Mutex<BTreeMap<String, SetState>>,
    pub fault: Mutex<Fault>,
    pub executions: AtomicU32,
    counter: AtomicU32,
    pub(crate) twists: Mutex<Twists>,
}

pub(crate) fn error(kind: FaultKind, message: &str) -> ConnectorError {
    ConnectorError::new(SystemKind::Aws, "test", kind, message)
}

fn key(scope: &Scope, name: &str) -> String {
    format!("{}/{name}", scope.account)
}

impl Cloud {
    pub fn new() -> Arc<Self> {
        let cloud = Self {
            stacks: Mutex::default(),
            sets: Mutex::default(),
            fault: Mutex::new(Fault::None),
            executions: AtomicU32::new(0),
            counter: AtomicU32::new(0),
            twists: Mutex::default(),
        };
        cloud.put("222222222222", "payments-api-qa", "2.0.0");
        cloud.put("333333333333", "payments-api-prod", "1.0.0");
        Arc::new(cloud)
    }

    pub(crate) fn put(&self, account: &str, name: &str, version: &str) {
        let stack = Stack {
            id: format!("arn:aws:cloudformation:us-east-1:{account}:stack/{name}/1"),
            name: interlock_domain::StackName::new(name).unwrap(),
            status: StackStatus("UPDATE_COMPLETE".into()),
            status_reason: None,
            description: None,
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            updated_at: None,
            parameters: vec![],
            outputs: vec![],
            tags: BTreeMap::from([("version".to_owned(), version.to_owned())]),
            drift: StackDrift {
                status: "NOT_CHECKED".into(),
                checked_at: None,
            },
            parent: None,
            capabilities: vec![],
            role: None,
            termination_protection: false,
        };
        let state = StackState {
            stack,
            template: TEMPLATE.replace("Topic:", &format!("Topic{}:", &version[..1])),
            events: vec![],
        };
        self.stacks
            .lock()
            .unwrap()
            .insert(format!("{account}/{name}"), state);
    }

    /// A stack of the production account with a template of its own.
    pub fn stand(&self, name: &str, template: &str) {
        const PROD: &str = "333333333333";
        self.put(PROD, name, "1.0.0");
        let mut stacks = self.stacks.lock().unwrap();
        let state = stacks.get_mut(&format!("{PROD}/{name}")).unwrap();
        template.clone_into(&mut state.template);
    }

    /// Makes every template one of SAM; what AWS makes of it is the template without the transform,
    /// with the types that it stands for.
    pub fn speak_sam(&self) {
        for state in self.stacks.lock().unwrap().values_mut() {
            let body = state
                .template
                .replace("AWS::SNS::Topic", "AWS::Serverless::SimpleTable");
            state.template = format!("Transform: AWS::Serverless-2016-10-31\n{body}");
        }
    }

    pub(crate) fn worked_on(template: &str, stage: TemplateStage) -> String {
        match stage {
            TemplateStage::Original => template.to_owned(),
            TemplateStage::Processed => template
                .replace("Transform: AWS::Serverless-2016-10-31\n", "")
                .replace("AWS::Serverless::SimpleTable", "AWS::SNS::Topic"),
        }
    }

    /// Somebody else changes the production stack.
    pub fn touch_prod(&self) {
        let mut stacks = self.stacks.lock().unwrap();
        stacks
            .get_mut("333333333333/payments-api-prod")
            .unwrap()
            .stack
            .updated_at = Some(wall());
        for set in self.sets.lock().unwrap().values_mut() {
            set.set.state = ChangeSetState::Obsolete;
            set.set.execution_status = "OBSOLETE".into();
        }
    }

    /// The production stack has another status.
    pub fn prod_is(&self, status: &str) {
        let mut stacks = self.stacks.lock().unwrap();
        let state = stacks.get_mut("333333333333/payments-api-prod").unwrap();
        state.stack.status = StackStatus(status.into());
    }

    /// Somebody puts another template behind the same change set.
    pub fn swap_template(&self) {
        for set in self.sets.lock().unwrap().values_mut() {
            set.order.template.push_str("# edited\n");
        }
    }

    /// AWS's answer about the same change set changes.
    pub fn edit_changes(&self, edit: impl Fn(&mut ResourceChange)) {
        for set in self.sets.lock().unwrap().values_mut() {
            set.set.changes.iter_mut().for_each(&edit);
        }
    }

    pub fn prod_version(&self) -> String {
        self.stacks.lock().unwrap()["333333333333/payments-api-prod"]
            .stack
            .tags["version"]
            .clone()
    }

    fn event(
        &self,
        stack: &str,
        logical: &str,
        kind: &str,
        status: &str,
        token: &str,
    ) -> StackEvent {
        StackEvent {
            id: format!("e{}", self.counter.fetch_add(1, Ordering::SeqCst)),
            at: wall(),
            stack: stack.into(),
            logical_id: logical.into(),
            physical_id: None,
            resource_type: kind.into(),
            status: status.into(),
            reason: status
                .ends_with("_FAILED")
                .then(|| "the topic is taken".to_owned()),
            token: Some(token.into()),
        }
    }

    pub(crate) fn apply(&self, scope: &Scope, stack: &str, id: &str, token: &str, good: bool) {
        self.executions.fetch_add(1, Ordering::SeqCst);
        let good = good && !self.note(stack);
        let order = {
            let mut sets = self.sets.lock().unwrap();
            let set = sets.get_mut(id).unwrap();
            set.set.state = ChangeSetState::Executed;
            set.set.execution_status = "EXECUTE_COMPLETE".into();
            set.order.clone()
        };
        let kind = "AWS::CloudFormation::Stack";
        let mut events = vec![
            self.event(stack, stack, kind, "UPDATE_IN_PROGRESS", token),
            self.event(
                stack,
                "Topic",
                "AWS::SNS::Topic",
                "UPDATE_IN_PROGRESS",
                token,
            ),
        ];
        if good {
            events.push(self.event(stack, "Topic", "AWS::SNS::Topic", "UPDATE_COMPLETE", token));
            events.push(self.event(stack, stack, kind, "UPDATE_COMPLETE", token));
        } else {
            events.push(self.event(stack, "Topic", "AWS::SNS::Topic", "UPDATE_FAILED", token));
            events.push(self.event(stack, stack, kind, "UPDATE_ROLLBACK_IN_PROGRESS", token));
            events.push(self.event(stack, stack, kind, "UPDATE_ROLLBACK_COMPLETE", token));
        }
        let mut stacks = self.stacks.lock().unwrap();
        let state = stacks.get_mut(&key(scope, stack)).unwrap();
        state.events.extend(events);
        state.stack.updated_at = Some(wall());
        if good {
            state.stack.tags = order.tags.into_iter().collect();
            state.template = order.template;
        } else {
            state.stack.status = StackStatus("UPDATE_ROLLBACK_COMPLETE".into());
        }
    }
}

#[async_trait]
impl StackReader for Cloud {
    async fn stacks(&self, scope: &Scope) -> Answer<Vec<Stack>> {
        let stacks = self.stacks.lock().unwrap();
        Ok(stacks
            .iter()
            .filter(|(k, _)| k.starts_with(scope.account.as_str()))
            .map(|(_, s)| s.stack.clone())
            .collect())
    }
    async fn stack(&self, scope: &Scope, name: &str) -> Answer<Stack> {
        let stacks = self.stacks.lock().unwrap();
        stacks
            .get(&key(scope, name))
            .map(|s| s.stack.clone())
            .ok_or_else(|| error(FaultKind::NotFound, "no stack"))
    }
    async fn template(&self, scope: &Scope, stack: &str, stage: TemplateStage) -> Answer<String> {
        let stacks = self.stacks.lock().unwrap();
        stacks
            .get(&key(scope, stack))
            .map(|s| Self::worked_on(&s.template, stage))
            .ok_or_else(|| error(FaultKind::NotFound, "no stack"))
    }
    async fn resources(&self, _: &Scope, _: &str) -> Answer<Vec<StackResource>> {
        Ok(vec![])
    }
    async fn change_sets(&self, _: &Scope, _: &str) -> Answer<Vec<OpenChangeSet>> {
        Ok(vec![])
    }
    async fn importers(&self, _: &Scope, export: &str) -> Answer<Vec<String>> {
        let call = format!("Fn::ImportValue: {export}}}");
        let stacks = self.stacks.lock().unwrap();
        let imports = stacks.values().filter(|s| s.template.contains(&call));
        Ok(imports.map(|s| s.stack.name.to_string()).collect())
    }
    async fn events_after(
        &self,
        scope: &Scope,
        stack: &str,
        last: Option<&str>,
    ) -> Answer<Vec<StackEvent>> {
        let stacks = self.stacks.lock().unwrap();
        let events = stacks
            .get(&key(scope, stack))
            .map(|s| s.events.clone())
            .unwrap_or_default();
        let from = last
            .and_then(|last| events.iter().position(|e| e.id == last))
            .map_or(0, |at| at + 1);
        Ok(events[from..].to_vec())
    }
    async fn drifted_resources(&self, _: &Scope, _: &str) -> Answer<Vec<ResourceDrift>> {
        Ok(vec![])
    }
    async fn detect_drift(&self, _: &Scope, _: &str) -> Answer<Vec<ResourceDrift>> {
        Ok(vec![])
    }
}

struct Somebody(&'static str);

#[async_trait]
impl IdentityReader for Somebody {
    async fn identities(&self) -> Vec<Answer<SystemIdentity>> {
        vec![Ok(SystemIdentity {
            system: SystemKind::Aws,
            scope: "prod".into(),
            name: format!("arn:aws:sts::333333333333:assumed-role/Release/{}", self.0),
            account: Some("333333333333".into()),
            version: None,
        })]
    }
}

/// Everybody has a key that follows from the id.
struct Keys;

pub fn key_of(person: &str) -> Ed25519Signer {
    Ed25519Signer::from_seed(Digest::of(person.as_bytes()).as_bytes()).unwrap()
}

impl KeyRing for Keys {
    fn signer(&self, person: &PersonId) -> Result<Arc<dyn Signer>, KeyUnavailable> {
        Ok(Arc::new(key_of(person.as_str())))
    }
    fn known(&self) -> Vec<(PersonId, MemberKey)> {
        let key = |id: &str| MemberKey {
            key: key_of(id).key().clone(),
            assurance: 1,
        };
        ["ana", "luis", "eva", "sofia", "diego"]
            .map(|id| (PersonId::new(id).unwrap(), key(id)))
            .to_vec()
    }
}

pub fn ports(cloud: &Arc<Cloud>, person: &'static str) -> Ports {
    Ports {
        stacks: cloud.clone(),
        changer: cloud.clone(),
        builds: None,
        runner: None,
        quality: None,
        sources: None,
        merge_requests: None,
        identities: vec![(SystemKind::Aws, Arc::new(Somebody(person)))],
        keys: Arc::new(Keys),
    }
}

/// A console of somebody over a cloud and a ledger file: a process of its own.
pub fn console(cloud: &Arc<Cloud>, ledger: &Path, person: &'static str) -> Arc<Console> {
    console_of(ESTATE, ports(cloud, person), ledger, person)
}

/// A console over an estate text and ports.
pub fn console_of(estate: &str, ports: Ports, ledger: &Path, person: &'static str) -> Arc<Console> {
    let estate = parse(estate, "interlock.toml").unwrap();
    console_of_estate(estate, ports, ledger, person)
}

/// A console over an estate that was read.
pub fn console_of_estate(
    estate: interlock_app::estate::Estate,
    ports: Ports,
    ledger: &Path,
    person: &'static str,
) -> Arc<Console> {
    let ledger = Arc::new(Ledger::new(
        Arc::new(SqliteStore::open(ledger).unwrap()),
        "test",
    ));
    Arc::new(Console::new(
        estate,
        ports,
        ledger,
        Arc::new(Wall),
        None,
        format!("test of {person}"),
    ))
}
