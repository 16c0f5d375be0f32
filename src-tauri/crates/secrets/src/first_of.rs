//! Several places of secrets, asked one after the other.

use interlock_app::ports::{SecretStore, SecretUnavailable};
use interlock_domain::Secret;

/// The first place that has a secret gives it.
///
/// A place that cannot be asked is passed over. When no other has the secret either, its error
/// is the answer: it may have had it, so `none` would be a guess.
#[derive(Default)]
pub struct FirstOf {
    places: Vec<Box<dyn SecretStore>>,
}

impl FirstOf {
    /// Adds a place behind the others.
    pub fn then(mut self, place: impl SecretStore + 'static) -> Self {
        self.places.push(Box::new(place));
        self
    }
}

impl SecretStore for FirstOf {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretUnavailable> {
        let mut trouble = None;
        for place in &self.places {
            match place.read(name) {
                Ok(Some(secret)) => return Ok(Some(secret)),
                Ok(None) => {}
                Err(error) => trouble = trouble.or(Some(error)),
            }
        }
        trouble.map_or(Ok(None), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemorySecrets;

    struct Locked;

    impl SecretStore for Locked {
        fn read(&self, _: &str) -> Result<Option<Secret>, SecretUnavailable> {
            let message = "locked".to_owned();
            Err(SecretUnavailable { message })
        }
    }

    fn memory(name: &str, value: &str) -> MemorySecrets {
        MemorySecrets::default().with(name, Secret::new(value))
    }

    #[test]
    fn the_first_place_wins_and_later_ones_fill_in() {
        let places = FirstOf::default()
            .then(memory("a", "first"))
            .then(memory("a", "second").with("b", Secret::new("second")));
        assert_eq!(places.read("a").unwrap().unwrap().expose(), "first");
        assert_eq!(places.read("b").unwrap().unwrap().expose(), "second");
        assert!(places.read("c").unwrap().is_none());
    }

    #[test]
    fn a_place_that_cannot_be_asked_is_told_only_when_nobody_else_has_the_secret() {
        let places = FirstOf::default().then(Locked).then(memory("a", "x"));
        assert_eq!(places.read("a").unwrap().unwrap().expose(), "x");
        assert_eq!(places.read("b").unwrap_err().message, "locked");
    }
}
