//! ListExports and ListImports.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::xml::Xml;
use super::Ask;
use super::pages::{next, page};

/// Lists the exports of account and region.
pub fn list(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let exports: Vec<_> = estate.exports(&ask.site).into_iter().collect();
    let (found, token) = page(ask, "", exports, |(name, _)| name.clone())?;
    xml.list("Exports", found, |xml, (name, (value, stack))| {
        xml.text("ExportingStackId", stack)
            .text("Name", name)
            .text("Value", value);
    });
    next(xml, token);
    Ok(())
}

/// Lists the stacks that import an export.
pub fn importers(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ExportName")?;
    let users = estate.importers(&ask.site, name);
    if users.is_empty() {
        return Err(AwsError::validation(format!(
            "Export '{name}' is not imported by any stack."
        )));
    }
    let (found, token) = page(ask, name, users, Clone::clone)?;
    xml.texts("Imports", found);
    next(xml, token);
    Ok(())
}
