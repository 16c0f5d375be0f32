//! GetTemplate, GetTemplateSummary and ValidateTemplate.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::StackStatus;
use super::super::operations::check_body;
use super::super::template::Template;
use super::super::template::evaluate::text_of;
use super::super::template::parameters::{is_no_echo, type_of};
use super::super::xml::Xml;
use super::Ask;
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns the text of a template in a request; templates at an address are out of reach.
pub fn body<'a>(ask: &'a Ask<'_>) -> AwsResult<Option<&'a str>> {
    if ask.fields.get("TemplateURL").is_some() {
        return Err(AwsError::validation("S3 error: Access Denied"));
    }
    match ask.fields.get("TemplateBody") {
        None => Ok(None),
        Some(text) => {
            check_body(text)?;
            Ok(Some(text))
        }
    }
}

/// Gets a template as it was given; no transform changes it, so that both stages are the same.
pub fn get(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let stage = ask.fields.get("TemplateStage").unwrap_or("Original");
    if !matches!(stage, "Original" | "Processed") {
        return Err(AwsError::constraint(
            stage,
            "templateStage",
            "Member must satisfy enum value set: [Original, Processed]",
        ));
    }
    let text = match (ask.fields.get("ChangeSetName"), ask.fields.get("StackName")) {
        (Some(name), stack) => {
            let (index, set) = estate.find_change_set(&ask.site, name, stack)?;
            &estate.stacks[index].change_sets[set].inputs.template
        }
        (None, Some(name)) => {
            let stack = &estate.stacks[estate.require(&ask.site, name)?];
            if stack.status == StackStatus::ReviewInProgress {
                return Err(AwsError::validation(format!(
                    "GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks. Stack with id {name} has no template."
                )));
            }
            &stack.shown_inputs(ask.now).template
        }
        (None, None) => {
            return Err(AwsError::validation(
                "Either StackName or ChangeSetName must be specified",
            ));
        }
    };
    xml.text("TemplateBody", text)
        .texts("StagesAvailable", ["Original", "Processed"]);
    Ok(())
}

fn no_echo(declaration: &Value, xml: &mut Xml) {
    xml.flag("NoEcho", is_no_echo(declaration));
    let description = declaration.get("Description").and_then(Value::as_str);
    xml.maybe("Description", description.filter(|text| !text.is_empty()));
}

fn default(declaration: &Value) -> Option<String> {
    declaration.get("Default").map(|value| {
        if is_no_echo(declaration) {
            "****".to_owned()
        } else {
            text_of(value)
        }
    })
}

fn capabilities(template: &Template, xml: &mut Xml) {
    let (needed, types) = template.capabilities();
    if needed.is_empty() {
        return;
    }
    xml.texts("Capabilities", &needed);
    let reason = if types.is_empty() {
        "The template contains transforms that require capabilities".to_owned()
    } else {
        format!(
            "The following resource(s) require capabilities: [{}]",
            types.join(", ")
        )
    };
    xml.text("CapabilitiesReason", reason);
}

/// Summarizes a template or that of a stack.
pub fn summarize(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let template = match (body(ask)?, ask.fields.get("StackName")) {
        (Some(text), _) => Template::read(text)?,
        (None, Some(name)) => {
            let stack = &estate.stacks[estate.require(&ask.site, name)?];
            match (stack.status, stack.change_sets.first()) {
                (StackStatus::ReviewInProgress, Some(set)) => Template::read(&set.inputs.template)?,
                _ => stack.template(ask.now)?,
            }
        }
        (None, None) => {
            return Err(AwsError::validation(
                "Either Template URL or Template Body must be specified.",
            ));
        }
    };
    xml.list(
        "Parameters",
        template.parameters(),
        |xml, (name, declaration)| {
            xml.text("ParameterKey", name)
                .maybe("DefaultValue", default(declaration))
                .text("ParameterType", type_of(declaration));
            no_echo(declaration, xml);
            xml.inside("ParameterConstraints", |xml| {
                let allowed = declaration.get("AllowedValues").and_then(Value::as_array);
                if let Some(allowed) = allowed {
                    xml.texts("AllowedValues", allowed.iter().map(text_of));
                }
            });
        },
    );
    xml.maybe("Description", template.description());
    capabilities(&template, xml);
    let types: BTreeSet<&str> = template
        .resources()
        .values()
        .filter_map(|declaration| declaration.get("Type")?.as_str())
        .collect();
    xml.texts("ResourceTypes", types);
    xml.maybe("Version", template.version());
    xml.maybe("Metadata", template.metadata().map(ToString::to_string));
    xml.texts("DeclaredTransforms", template.transforms());
    Ok(())
}

/// Checks a template.
pub fn validate(ask: &Ask<'_>, _: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let Some(text) = body(ask)? else {
        return Err(AwsError::validation(
            "Either Template URL or Template Body must be specified.",
        ));
    };
    let template = Template::read(text)?;
    xml.list(
        "Parameters",
        template.parameters(),
        |xml, (name, declaration)| {
            xml.text("ParameterKey", name)
                .maybe("DefaultValue", default(declaration));
            no_echo(declaration, xml);
        },
    );
    xml.maybe("Description", template.description());
    capabilities(&template, xml);
    xml.texts("DeclaredTransforms", template.transforms());
    Ok(())
}
