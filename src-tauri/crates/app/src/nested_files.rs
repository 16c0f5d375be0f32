//! The templates of nested stacks that are files: those beside a template on this machine, or
//! beside one at a revision of a repository.
//!
//! `TemplateURL` is read where it is a relative path, as `aws cloudformation package` takes it. No
//! path leads out of the repository, or of the folder where there is none, and nothing is asked of
//! the network. What cannot be read is told with its reason and fails nothing.

use crate::ports::SourceReader;
use async_trait::async_trait;
use futures::future::{BoxFuture, FutureExt as _};
use interlock_stackdiff::{Budget, NestedLink, NestedTemplate, NestedTemplates, Template};
use std::sync::Arc;

/// Stacks that may be nested in one another.
const DEEPEST: usize = 8;
/// Templates that are read for one side.
const MOST: usize = 200;

/// Where the files are.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// What it is, as people call it: a folder, a repository.
    fn kind(&self) -> &'static str;
    /// What identifies a file: two sides that lead to one have one template.
    fn place(&self, path: &str) -> String;
    /// What a file is called in what is told.
    fn name(&self, path: &str) -> String;
    /// The bytes of a file, or why they cannot be read.
    async fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// A commit of a repository.
pub struct Revision {
    /// Who reads it.
    pub sources: Arc<dyn SourceReader>,
    /// Its name as the reader knows it.
    pub repository: String,
    /// The commit.
    pub commit: String,
    /// The revision as it was typed.
    pub revision: String,
}

#[async_trait]
impl Shelf for Revision {
    fn kind(&self) -> &'static str {
        "repository"
    }

    fn place(&self, path: &str) -> String {
        format!("{}:{path}", self.commit)
    }

    fn name(&self, path: &str) -> String {
        format!("{path} at {}", self.revision)
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let asked = self.sources.file(&self.repository, &self.commit, path);
        asked
            .await
            .map(|file| file.bytes)
            .map_err(|error| error.message)
    }
}

/// The templates nested in one that stands at a path of the shelf.
pub async fn inside(shelf: &dyn Shelf, path: &str, bytes: &[u8]) -> NestedTemplates {
    let needle = b"AWS::CloudFormation::Stack";
    if !bytes.windows(needle.len()).any(|part| part == needle) {
        return NestedTemplates::default();
    }
    // What is wrong with the template itself is told where it is compared.
    let Ok(template) = Template::read(bytes, path, &Budget::for_large_files()) else {
        return NestedTemplates::default();
    };
    let mut reading = Reading { shelf, read: 0 };
    reading.below(&template, &[path.to_owned()]).await
}

struct Reading<'s> {
    shelf: &'s dyn Shelf,
    read: usize,
}

impl Reading<'_> {
    /// `way` are the files that lead here, the template itself last.
    fn below<'a>(
        &'a mut self,
        template: &'a Template,
        way: &'a [String],
    ) -> BoxFuture<'a, NestedTemplates> {
        async move {
            let mut found = NestedTemplates::default();
            for link in template.nested_stacks() {
                let nested = self.one(&link, way).await;
                found.0.insert(link.logical_id.to_owned(), nested);
            }
            found
        }
        .boxed()
    }

    async fn one(&mut self, link: &NestedLink<'_>, way: &[String]) -> NestedTemplate {
        let here = way.last().map_or("", String::as_str);
        let path = match resolved(link, here, self.shelf.kind()) {
            Ok(path) => path,
            Err(reason) => {
                let words = &link.words;
                // A step upwards leads elsewhere from another folder.
                let place = match link.address {
                    Some(address) if address.contains("..") => {
                        format!("{words} from {}", self.shelf.place(here))
                    }
                    _ => words.clone(),
                };
                return NestedTemplate::Unread { place, reason };
            }
        };
        let place = self.shelf.place(&path);
        let unread = |reason: String| NestedTemplate::Unread {
            place: place.clone(),
            reason,
        };
        if way.contains(&path) {
            return unread(format!("{path} is nested in itself"));
        }
        if way.len() > DEEPEST || self.read >= MOST {
            return unread(format!("{path} is not read: too much is nested"));
        }
        self.read += 1;
        let bytes = match self.shelf.read(&path).await {
            Ok(bytes) => bytes,
            Err(reason) => return unread(reason),
        };
        match Template::read(&bytes, &self.shelf.name(&path), &Budget::for_large_files()) {
            Err(error) => unread(error.to_string()),
            Ok(template) => {
                let way = [way, &[path]].concat();
                let inside = self.below(&template, &way).await;
                NestedTemplate::Read {
                    template: Box::new(template),
                    text: String::from_utf8_lossy(&bytes).into(),
                    inside,
                }
            }
        }
    }
}

/// The path from the top of what a template at `here` nests.
fn resolved(link: &NestedLink<'_>, here: &str, kind: &str) -> Result<String, String> {
    let Some(address) = link.address else {
        let words = &link.words;
        return Err(if words.is_empty() {
            "it names no template".to_owned()
        } else {
            format!("where it is becomes known when it is deployed: {words}")
        });
    };
    if address.contains("://") || address.starts_with("//") {
        return Err(format!(
            "{address} is not read: it is not a file beside the template"
        ));
    }
    if address.starts_with(['/', '\\']) || address.get(1..2) == Some(":") {
        return Err(format!("{address} is not read: only relative paths are"));
    }
    let mut steps: Vec<&str> = here.split('/').collect();
    steps.pop();
    for step in address.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                if steps.pop().is_none() {
                    return Err(format!("{address} is not read: it leads out of the {kind}"));
                }
            }
            step => steps.push(step),
        }
    }
    Ok(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_the_top_is_read() {
        let at = |address: &str| {
            let link = NestedLink {
                logical_id: "Inner",
                address: Some(address),
                words: address.to_owned(),
            };
            resolved(&link, "templates/app/root.yaml", "folder")
        };
        assert_eq!(at("inner.yaml").unwrap(), "templates/app/inner.yaml");
        assert_eq!(at("./a/../inner.yaml").unwrap(), "templates/app/inner.yaml");
        assert_eq!(at("../../inner.yaml").unwrap(), "inner.yaml");
        for bad in [
            "../../../inner.yaml",
            "a/../../../../templates/app/inner.yaml",
            "/etc/inner.yaml",
            "C:\\inner.yaml",
            "\\\\host\\inner.yaml",
            "https://templates.s3.amazonaws.com/inner.yaml",
            "s3://templates/inner.yaml",
            "file:///etc/inner.yaml",
        ] {
            assert!(at(bad).is_err(), "{bad}");
        }
    }
}
