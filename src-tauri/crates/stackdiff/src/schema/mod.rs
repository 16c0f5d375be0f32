//! What AWS says of its resource types: what a change of a property does, what a value is, and
//! where order counts.
//!
//! Three sources, in this order: a small table kept by hand ([`known`], for what schemas do not
//! say), a table of lists ([`lists`], for order and identity), and the resource provider schemas,
//! distilled into one embedded file ([`data`]). `make schemas` writes that file again from the
//! wheel that `schemas/requirements.txt` names; `schemas/distil.py` says what is kept. Where another
//! source disagrees ([`second`]), that is told beside the judgement.
//!
//! The comparison walks a [`SchemaCursor`] down beside the values that it compares:
//! `schema::cursor(type).key("Policies").item().key("PolicyDocument")`. Nothing is read or made
//! for a type before somebody asks for it. The embedded file is opened at the first question,
//! which takes about two milliseconds.

mod cursor;
mod data;
pub(crate) mod known;
mod lists;
mod rules;
pub(crate) mod second;
#[cfg(test)]
mod tests;

pub(crate) use cursor::{Nature, SchemaCursor, Update};
pub(crate) use lists::{ListNature, Order};

use data::CATALOGUE;
use rules::Rules;
use std::sync::{LazyLock, OnceLock};

/// Where the schemas are from, to be shown beside what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaSource {
    /// The package, with its version.
    pub package: &'static str,
    /// The day on which its schemas were taken from AWS.
    pub date: &'static str,
    /// How many resource types it knows.
    pub types: usize,
}

/// Where the schemas are from.
pub fn source() -> SchemaSource {
    let (package, date) = CATALOGUE.source();
    SchemaSource {
        package,
        date,
        types: CATALOGUE.types(),
    }
}

/// What kind of resource a type names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TypeKind {
    /// A type of AWS with a schema.
    Known(&'static TypeSchema),
    /// A custom resource: a function of the owner decides what an update does.
    Custom,
    /// A type of the serverless transform; only the processed template has the real resources.
    Serverless,
    /// A module; only the processed template has the real resources.
    Module,
    /// A type of somebody else, or one that is newer than the schemas.
    Unknown,
}

/// What kind of resource a type names.
pub(crate) fn kind(resource_type: &str) -> TypeKind {
    if known::is_custom(resource_type) {
        TypeKind::Custom
    } else if resource_type.ends_with("::MODULE") {
        TypeKind::Module
    } else if resource_type.starts_with("AWS::Serverless::") {
        TypeKind::Serverless
    } else {
        of(resource_type).map_or(TypeKind::Unknown, TypeKind::Known)
    }
}

/// The schema of a type, where there is one.
pub(crate) fn of(resource_type: &str) -> Option<&'static TypeSchema> {
    static SCHEMAS: LazyLock<Box<[OnceLock<TypeSchema>]>> =
        LazyLock::new(|| (0..CATALOGUE.types()).map(|_| OnceLock::new()).collect());
    let number = CATALOGUE.find_type(resource_type)?;
    Some(SCHEMAS[number].get_or_init(|| TypeSchema::read(number)))
}

/// The place above all properties of a resource of a type; of any type, known or not.
pub(crate) fn cursor<'n>(resource_type: &str) -> SchemaCursor<'n> {
    match of(resource_type) {
        Some(schema) => schema.cursor(),
        None => SchemaCursor::untyped(Rules::of_unknown(resource_type)),
    }
}

/// In which order a replacement is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplacementOrder {
    /// The new one exists before the old one goes.
    CreateFirst,
    /// The old one goes before the new one exists.
    DeleteFirst,
}

/// Whether a type is still to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifecycle {
    /// It is.
    Current,
    /// It gets no new features.
    Maintenance {
        /// Since when.
        since: &'static str,
    },
    /// It is closed to new use, and ends.
    Sunset {
        /// From when.
        since: &'static str,
    },
    /// Its service has ended.
    Shutdown {
        /// When.
        since: &'static str,
    },
}

/// What is known of one resource type.
#[derive(Debug)]
pub(crate) struct TypeSchema {
    number: usize,
    rules: Rules,
    identifier: Vec<&'static str>,
    name: Vec<&'static str>,
    read_only: Vec<&'static str>,
    tags: Option<&'static str>,
}

impl TypeSchema {
    fn read(number: usize) -> Self {
        let of = |wanted: fn(data::Flags) -> bool| {
            let properties = CATALOGUE.properties(number);
            properties
                .filter(move |(_, flags)| wanted(*flags))
                .map(|(name, _)| name)
        };
        Self {
            number,
            rules: Rules::of_type(number),
            identifier: of(data::Flags::identifier).collect(),
            name: of(data::Flags::names).collect(),
            read_only: of(data::Flags::read_only).collect(),
            tags: of(data::Flags::tags).next(),
        }
    }

    /// The name of the type.
    pub(crate) fn name(&self) -> &'static str {
        CATALOGUE.type_name(self.number)
    }

    /// The place above all properties.
    pub(crate) fn cursor<'n>(&'static self) -> SchemaCursor<'n> {
        SchemaCursor::typed(self.number, &self.rules)
    }

    /// The place at a path; `*` stands for any index.
    pub(crate) fn at<'n>(&'static self, path: &[&'n str]) -> SchemaCursor<'n> {
        path.iter().fold(self.cursor(), |at, step| match *step {
            "*" => at.item(),
            key => at.key(key),
        })
    }

    /// In which order a replacement is carried out.
    pub(crate) fn replacement_order(&self) -> ReplacementOrder {
        if CATALOGUE.facts(self.number).delete_first() {
            ReplacementOrder::DeleteFirst
        } else {
            ReplacementOrder::CreateFirst
        }
    }

    /// Whether AWS can update such a resource at all; where not, any change replaces it.
    pub(crate) fn can_be_updated(&self) -> bool {
        !CATALOGUE.facts(self.number).no_update()
    }

    /// The properties that identify a resource; what `Ref` gives is mostly the first.
    pub(crate) fn identifier(&self) -> &[&'static str] {
        &self.identifier
    }

    /// The properties that together fix the name of a resource: while all are given and none
    /// changes, a replacement cannot exist beside what it replaces.
    pub(crate) fn fixed_name(&self) -> &[&'static str] {
        &self.name
    }

    /// The attributes that only AWS sets.
    pub(crate) fn read_only(&self) -> &[&'static str] {
        &self.read_only
    }

    /// The property that holds the tags.
    pub(crate) fn tags(&self) -> Option<&'static str> {
        self.tags
    }

    /// Whether the type is still to be had.
    pub(crate) fn lifecycle(&self) -> Lifecycle {
        match CATALOGUE.going(self.number) {
            None => Lifecycle::Current,
            Some(("shutdown", since)) => Lifecycle::Shutdown { since },
            Some(("sunset", since)) => Lifecycle::Sunset { since },
            Some((_, since)) => Lifecycle::Maintenance { since },
        }
    }
}
