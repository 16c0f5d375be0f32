//! The variables of a service, in the shape that crosses to shells.

use super::comparison::{row_state, service_of};
use interlock_app::{Console, UseCase};
use interlock_contract::variables::{
    VariableCellKind, VariableCellView, VariableRowView, VariableTroubleName, VariablesView,
};
use interlock_domain::{EnvironmentName, ServiceName};
use interlock_stackdiff::{VariableCell, VariableRow, VariableTrouble};

/// Every variable of a service in every environment.
pub async fn table(console: &Console, service: &ServiceName) -> UseCase<VariablesView> {
    let declared = service_of(console, service)?;
    let table = console.variables(declared).await?;
    let stacks = table.stacks.iter();
    let rows = stacks.flat_map(|stack| {
        let rows = stack.rows.iter();
        rows.map(|one| row(&stack.stack, one, &table.environments))
    });
    Ok(VariablesView {
        service: service.to_string(),
        rows: rows.collect(),
        environments: table.environments.iter().map(ToString::to_string).collect(),
        doubts: table.doubts,
    })
}

fn row(stack: &str, row: &VariableRow, environments: &[EnvironmentName]) -> VariableRowView {
    let (trouble, places) = match &row.trouble {
        None => (None, &[][..]),
        Some(VariableTrouble::NotDeclared) => (Some(VariableTroubleName::NotDeclared), &[][..]),
        Some(VariableTrouble::Unused) => (Some(VariableTroubleName::Unused), &[][..]),
        Some(VariableTrouble::Undefined(at)) => {
            (Some(VariableTroubleName::Undefined), at.as_slice())
        }
    };
    VariableRowView {
        stack: stack.to_owned(),
        key: row.key.clone(),
        cells: row.cells.iter().map(cell).collect(),
        state: row_state(row.state),
        note: row.note.map(|note| note.to_string()),
        trouble,
        trouble_in: places
            .iter()
            .filter_map(|at| environments.get(*at).map(ToString::to_string))
            .collect(),
    }
}

fn cell(cell: &VariableCell) -> VariableCellView {
    let (kind, value) = match cell {
        VariableCell::NoStack => (VariableCellKind::NoStack, None),
        VariableCell::Absent => (VariableCellKind::Absent, None),
        VariableCell::Hidden => (VariableCellKind::Hidden, None),
        VariableCell::NoValue => (VariableCellKind::NoValue, None),
        VariableCell::Value { text, is_default } => (
            if *is_default {
                VariableCellKind::Default
            } else {
                VariableCellKind::Given
            },
            Some(text.clone()),
        ),
    };
    VariableCellView { kind, value }
}
