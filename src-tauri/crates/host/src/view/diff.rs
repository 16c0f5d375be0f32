//! The judgement of a change, in the shape that crosses to shells.

use super::dangers;
use interlock_contract::diff::{
    ActionName, ActsName, DependentRow, DiffReport, DiffSections, DiffVerdict, ImpactName,
    OutputFateName, PropertyRow, ReplacementName, ResourceRow, RespelledRow, SectionRow,
    SecurityVerdict,
};
use interlock_stackdiff::{
    AccessChange, AccessVerdict, Action, Acts, Analysis, Dependent, EntryDifference, EntryState,
    Impact, Location, NestedImpact, OutputFate, ParameterRow, Path, PropertyImpact, Replacement,
    ResourceImpact, RowState, Section, Segment,
};

/// The names of the two files, for places.
#[derive(Debug, Clone, Copy)]
pub struct Files<'f> {
    /// Left.
    pub left: &'f str,
    /// Right.
    pub right: &'f str,
}

/// The whole judgement.
pub fn report(analysis: &Analysis, files: Files<'_>) -> DiffReport {
    let access = analysis.access.as_ref();
    DiffReport {
        verdict: verdict(analysis),
        dangers: dangers::of(analysis),
        resources: rows(&analysis.resources, files),
        effects: analysis
            .nested
            .iter()
            .flat_map(nested_rows)
            .chain(rows(&analysis.effects, files))
            .collect(),
        dependents: analysis.dependents.iter().map(dependent).collect(),
        sections: sections(analysis, files),
        security: access.map_or(SecurityVerdict::Same, security),
        access_added: access
            .map(|change| change.added.clone())
            .unwrap_or_default(),
        access_removed: access
            .map(|change| change.removed.clone())
            .unwrap_or_default(),
        unknowns: count(analysis.unknowns()),
        respelled: analysis
            .respelled
            .iter()
            .map(|one| RespelledRow {
                logical_id: one.logical_id.clone(),
                acts: acts(one.acts),
            })
            .collect(),
        expected: count(analysis.difference.counts().expected),
        schemas: schemas(),
    }
}

/// The source of what is known of resource types, in words.
pub fn schemas() -> String {
    let source = interlock_stackdiff::schema_source();
    format!(
        "{} of {}, {} types",
        source.package, source.date, source.types
    )
}

fn dependent(dependent: &Dependent) -> DependentRow {
    DependentRow {
        stack: dependent.stack.clone(),
        later: dependent.later.clone(),
        output: dependent.output.clone(),
        export: dependent.export.clone(),
        fate: match dependent.fate {
            OutputFate::Goes => OutputFateName::Goes,
            OutputFate::Changes => OutputFateName::Changes,
            OutputFate::MayChange => OutputFateName::MayChange,
        },
        places: dependent.places.clone(),
    }
}

fn verdict(analysis: &Analysis) -> DiffVerdict {
    if analysis.differs() {
        DiffVerdict::Different
    } else if analysis.is_undecided() {
        DiffVerdict::Unknown
    } else {
        DiffVerdict::Same
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn rows(resources: &[ResourceImpact], files: Files<'_>) -> Vec<ResourceRow> {
    resources.iter().map(|one| row(one, files)).collect()
}

/// What happens inside a nested stack.
fn nested_rows(nested: &NestedImpact) -> Vec<ResourceRow> {
    let files = Files {
        left: &nested.left_file,
        right: &nested.right_file,
    };
    let stack = nested.stack();
    let inside = rows(&nested.analysis.resources, files).into_iter();
    inside
        .map(|row| ResourceRow {
            stack: Some(stack.clone()),
            nested: true,
            ..row
        })
        .collect()
}

/// One resource.
pub fn row(resource: &ResourceImpact, files: Files<'_>) -> ResourceRow {
    let access = resource.access.as_ref();
    let mut paths: Vec<String> = resource
        .properties
        .iter()
        .map(|property| pointer(&property.path))
        .collect();
    paths.dedup();
    // The files are those of the stack that changes, not of another one.
    let location = match &resource.stack {
        None => place(resource.left_at, resource.right_at, files),
        Some(stack) => place(
            None,
            resource.right_at,
            Files {
                left: stack,
                right: stack,
            },
        ),
    };
    ResourceRow {
        stack: resource.stack.clone(),
        nested: false,
        logical_id: resource.logical_id.clone(),
        resource_type: resource.resource_type.clone(),
        action: action(resource.action),
        replacement: resource.replacement.map(replacement),
        impact: impact(resource.impact),
        impact_text: resource.impact.to_string(),
        paths,
        causes: resource.causes.iter().map(ToString::to_string).collect(),
        security: access.map(security),
        access_added: access
            .map(|change| change.added.clone())
            .unwrap_or_default(),
        access_removed: access
            .map(|change| change.removed.clone())
            .unwrap_or_default(),
        stateful: resource.stateful,
        data_loss: resource.data_loss,
        unknowns: resource.unknowns.clone(),
        notes: resource.notes.iter().map(ToString::to_string).collect(),
        expected: resource.is_expected(),
        location,
        properties: resource.properties.iter().map(property).collect(),
    }
}

fn property(property: &PropertyImpact) -> PropertyRow {
    PropertyRow {
        pointer: pointer(&property.path),
        path: property.path.to_string(),
        impact: impact(property.impact),
        acts: acts(property.acts),
        before: property.before.clone(),
        after: property.after.clone(),
        causes: property.causes.iter().map(ToString::to_string).collect(),
        expected: property.expected,
        unknown: property.unknown,
        before_line: property.left_at.map(|at| at.line),
        after_line: property.right_at.map(|at| at.line),
    }
}

fn sections(analysis: &Analysis, files: Files<'_>) -> DiffSections {
    let mut sections = DiffSections::default();
    for (section, entry) in analysis.difference.entries() {
        let list = match section {
            Section::Resources => continue,
            Section::Parameters => &mut sections.parameters,
            Section::Mappings => &mut sections.mappings,
            Section::Conditions => &mut sections.conditions,
            Section::Outputs => &mut sections.outputs,
            _ => &mut sections.metadata,
        };
        list.push(section_row(section, entry, files));
    }
    let differing = analysis
        .difference
        .parameters
        .iter()
        .filter(|row| row.state != RowState::Same);
    for row in differing {
        let is_listed = sections
            .parameters
            .iter()
            .any(|known| known.name == row.key);
        let has_value = row.left.is_some() || row.right.is_some();
        if !is_listed && has_value {
            sections.parameters.push(parameter(row));
        }
    }
    sections
}

fn section_row(section: &Section, entry: &EntryDifference, files: Files<'_>) -> SectionRow {
    let only = match entry.properties.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    SectionRow {
        section: section.key().to_owned(),
        name: entry.name.clone(),
        action: match entry.state {
            EntryState::Added => ActionName::Add,
            EntryState::Removed => ActionName::Remove,
            EntryState::Changed | EntryState::Unknown => ActionName::Modify,
        },
        before: only.and_then(|property| property.before.clone()),
        after: only.and_then(|property| property.after.clone()),
        paths: entry
            .properties
            .iter()
            .map(|property| pointer(&property.path))
            .collect(),
        causes: entry.causes.iter().map(ToString::to_string).collect(),
        expected: entry.expected,
        unknown: entry.state == EntryState::Unknown,
        location: place(entry.left_at, entry.right_at, files),
    }
}

fn parameter(row: &ParameterRow) -> SectionRow {
    SectionRow {
        section: "Parameters".to_owned(),
        name: row.key.clone(),
        action: match (&row.left, &row.right) {
            (None, Some(_)) => ActionName::Add,
            (Some(_), None) => ActionName::Remove,
            _ => ActionName::Modify,
        },
        before: row.left.clone(),
        after: row.right.clone(),
        paths: Vec::new(),
        causes: row.note.iter().map(ToString::to_string).collect(),
        expected: row.state == RowState::Expected,
        unknown: row.state == RowState::Unknown,
        location: None,
    }
}

fn place(left: Option<Location>, right: Option<Location>, files: Files<'_>) -> Option<String> {
    right
        .map(|at| format!("{}:{}", files.right, at.line))
        .or_else(|| left.map(|at| format!("{}:{}", files.left, at.line)))
}

/// A JSON pointer (RFC 6901); positions are those of the right, or of the left for what is gone.
pub fn pointer(path: &Path) -> String {
    path.0
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Item { left, right, .. } => {
                format!("/{}", right.or(*left).unwrap_or_default())
            }
        })
        .collect()
}

/// How access changes.
pub fn security(change: &AccessChange) -> SecurityVerdict {
    match change.verdict {
        AccessVerdict::Broadened => SecurityVerdict::Broadened,
        AccessVerdict::Narrowed => SecurityVerdict::Narrowed,
        AccessVerdict::Same => SecurityVerdict::Same,
        AccessVerdict::Incomparable => SecurityVerdict::Incomparable,
    }
}

const fn action(action: Action) -> ActionName {
    match action {
        Action::Add => ActionName::Add,
        Action::Modify => ActionName::Modify,
        Action::Remove => ActionName::Remove,
        Action::Import => ActionName::Import,
    }
}

const fn replacement(replacement: Replacement) -> ReplacementName {
    match replacement {
        Replacement::True => ReplacementName::True,
        Replacement::False => ReplacementName::False,
        Replacement::Conditional => ReplacementName::Conditional,
    }
}

const fn acts(acts: Acts) -> ActsName {
    match acts {
        Acts::Yes => ActsName::Yes,
        Acts::No => ActsName::No,
        Acts::Maybe => ActsName::Maybe,
    }
}

const fn impact(impact: Impact) -> ImpactName {
    match impact {
        Impact::None => ImpactName::None,
        Impact::Metadata => ImpactName::Metadata,
        Impact::Creates => ImpactName::Creates,
        Impact::Imports => ImpactName::Imports,
        Impact::InPlace => ImpactName::InPlace,
        Impact::MayInterrupt => ImpactName::MayInterrupt,
        Impact::Retains => ImpactName::Retains,
        Impact::MayReplace => ImpactName::MayReplace,
        Impact::ReplacesCreateFirst => ImpactName::ReplacesCreateFirst,
        Impact::ReplacesDeleteFirst => ImpactName::ReplacesDeleteFirst,
        Impact::Snapshots => ImpactName::Snapshots,
        Impact::Removes => ImpactName::Removes,
        Impact::Rejected => ImpactName::Rejected,
    }
}
