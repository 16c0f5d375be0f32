//! What is out of the ordinary in the small cloud, and how it is asked for.

use super::{Cloud, SetState, TEMPLATE};
use interlock_app::ports::TemplateStage;
use interlock_domain::Scope;
use interlock_domain::change_set::{ChangeSet, ChangeSetOrder, ChangeSetState, ResourceChange};

const PROD: &str = "333333333333";

#[derive(Default)]
pub(crate) struct Twists {
    /// Stacks in the order in which their change sets were executed.
    executed: Vec<String>,
    /// An update that goes on: scope, stack, change set, token.
    held: Option<(Scope, String, String, String)>,
    /// Tokens of every ExecuteChangeSet that was asked for.
    tokens: Vec<String>,
    /// A stack whose next update rolls back.
    rolls_back: Option<String>,
    /// Whether change sets have one of a nested stack inside.
    nests: bool,
    /// What macros add to a template.
    expansion: String,
}

impl Cloud {
    /// A service in both environments, with another version in each.
    pub fn serve(&self, service: &str) {
        self.put("222222222222", &format!("{service}-qa"), "2.0.0");
        self.put(PROD, &format!("{service}-prod"), "1.0.0");
    }

    pub fn take_away(&self, account: &str, stack: &str) {
        let key = format!("{account}/{stack}");
        self.stacks.lock().unwrap().remove(&key);
    }

    /// Stacks in the order in which their change sets were executed.
    pub fn executed(&self) -> Vec<String> {
        self.twists.lock().unwrap().executed.clone()
    }

    /// Tokens of every ExecuteChangeSet that was asked for.
    pub fn tokens(&self) -> Vec<String> {
        self.twists.lock().unwrap().tokens.clone()
    }

    pub(super) fn note_token(&self, token: &str) {
        self.twists.lock().unwrap().tokens.push(token.to_owned());
    }

    /// Takes the call, and lets the update go on.
    pub(super) fn begin_and_hold(&self, scope: &Scope, stack: &str, id: &str, token: &str) {
        self.sets.lock().unwrap().get_mut(id).unwrap().set.state = ChangeSetState::Executing;
        let held = (scope.clone(), stack.into(), id.into(), token.into());
        self.twists.lock().unwrap().held = Some(held);
    }

    /// Whether an update goes on.
    pub fn is_held(&self) -> bool {
        self.twists.lock().unwrap().held.is_some()
    }

    /// The update that goes on comes to its end.
    pub fn let_go(&self) {
        let held = self.twists.lock().unwrap().held.take();
        let (scope, stack, id, token) = held.unwrap();
        self.apply(&scope, &stack, &id, &token, true);
    }

    /// The rollback of a stack ends badly as well.
    pub(super) fn end_badly(&self, stack: &str) {
        let mut stacks = self.stacks.lock().unwrap();
        let state = stacks.get_mut(&format!("{PROD}/{stack}")).unwrap();
        state.events.last_mut().unwrap().status = "UPDATE_ROLLBACK_FAILED".into();
        state.stack.status = interlock_domain::stack::StackStatus("UPDATE_ROLLBACK_FAILED".into());
    }

    /// Change sets that can be executed still.
    pub fn waiting_sets(&self) -> usize {
        let sets = self.sets.lock().unwrap();
        let waits = |it: &&SetState| it.set.state == ChangeSetState::Available;
        sets.values().filter(waits).count()
    }

    pub fn let_roll_back(&self, stack: &str) {
        self.twists.lock().unwrap().rolls_back = Some(stack.to_owned());
    }

    /// Somebody changes a production stack by hand; its change sets wait still.
    pub fn touch(&self, stack: &str) {
        let mut stacks = self.stacks.lock().unwrap();
        let state = stacks.get_mut(&format!("{PROD}/{stack}")).unwrap();
        state.stack.updated_at = Some(super::wall());
    }

    /// Production stacks are changed with a role of their own.
    pub fn give_role(&self, role: &str) {
        for state in self.stacks.lock().unwrap().values_mut() {
            state.stack.role = Some(role.to_owned());
        }
    }

    /// Change sets are deployed in another way.
    pub fn deploy_as(&self, mode: &str) {
        for state in self.sets.lock().unwrap().values_mut() {
            state.set.deployment_mode = Some(mode.to_owned());
        }
    }

    /// Every change set has one of a nested stack inside.
    pub fn nest(&self) {
        self.twists.lock().unwrap().nests = true;
    }

    pub fn swap_nested_template(&self) {
        let mut sets = self.sets.lock().unwrap();
        let nested = sets.iter_mut().filter(|(id, _)| id.ends_with("/Data"));
        nested.for_each(|(_, state)| state.order.template.push_str("# edited\n"));
    }

    /// Macros make something else of the same template.
    pub fn expand_otherwise(&self) {
        let mut twists = self.twists.lock().unwrap();
        twists.expansion.push_str("# expanded otherwise\n");
    }

    pub(super) fn twist_of(&self, stage: TemplateStage) -> String {
        match stage {
            TemplateStage::Original => String::new(),
            TemplateStage::Processed => self.twists.lock().unwrap().expansion.clone(),
        }
    }

    /// Notes an execution; gives whether it rolls back.
    pub(super) fn note(&self, stack: &str) -> bool {
        let mut twists = self.twists.lock().unwrap();
        twists.executed.push(stack.to_owned());
        twists.rolls_back.take_if(|it| it == stack).is_some()
    }

    /// A change set as this cloud makes it.
    pub(super) fn twisted(&self, mut set: ChangeSet) -> ChangeSet {
        if !self.twists.lock().unwrap().nests {
            return set;
        }
        let id = format!("{}/Data", set.id);
        set.changes.push(ResourceChange {
            action: "Modify".into(),
            logical_id: "Data".into(),
            resource_type: "AWS::CloudFormation::Stack".into(),
            nested_change_set: Some(id.clone()),
            ..ResourceChange::default()
        });
        let inside = ChangeSet {
            id: id.clone(),
            changes: Vec::new(),
            ..set.clone()
        };
        let order = ChangeSetOrder {
            stack: interlock_domain::StackName::new("data-prod").unwrap(),
            name: "nested".into(),
            token: "nested".into(),
            create: false,
            template: TEMPLATE.to_owned(),
            parameters: Vec::new(),
            tags: Vec::new(),
            capabilities: Vec::new(),
            description: String::new(),
            include_nested: false,
            revert_drift: false,
        };
        let state = SetState { set: inside, order };
        self.sets.lock().unwrap().insert(id, state);
        set
    }
}
