//! Checks of persons and of the names by which systems know them.

use super::Check;
use crate::estate::raw::{RawPerson, interlock_role::RawRole};
use interlock_domain::{
    PersonId,
    person::{Person, Role},
};
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn people(&mut self, raw: &[RawPerson]) -> Vec<Person> {
        self.one_person_a_name(raw);
        let people = raw.iter().enumerate();
        people
            .filter_map(|(index, person)| self.person(person, index))
            .collect()
    }

    fn person(&mut self, raw: &RawPerson, index: usize) -> Option<Person> {
        let id = self.take(
            &raw.id,
            &format!("people[{index}].id"),
            PersonId::new(raw.id.get_ref().clone()),
        )?;
        let role = match raw.role {
            RawRole::Developer => Role::Developer,
            RawRole::Lead => Role::Lead,
            RawRole::ReleaseManager => Role::ReleaseManager,
        };
        Some(Person {
            id,
            name: raw.name.clone(),
            role,
            known_as: raw.known_as.clone(),
        })
    }

    /// A name that means two persons would let one approve what the other asked for.
    fn one_person_a_name(&mut self, raw: &[RawPerson]) {
        let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, person) in raw.iter().enumerate() {
            owners.entry(person.id.get_ref()).or_insert(index);
        }
        for (index, person) in raw.iter().enumerate() {
            for (at, name) in person.known_as.iter().enumerate() {
                let owner = *owners.entry(name).or_insert(index);
                if owner != index {
                    self.report(
                        person.id.span(),
                        format!("people[{index}].known_as[{at}]"),
                        format!(
                            "`{name}` already means {}, so it cannot mean {}",
                            raw[owner].name, person.name
                        ),
                        Some("A name in a system belongs to one person."),
                    );
                }
            }
        }
    }
}
