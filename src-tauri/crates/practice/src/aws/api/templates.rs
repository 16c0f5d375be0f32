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

/// Returns the text of a template in a request, given or behind an address that the estate knows.
pub fn body(ask: &Ask<'_>, estate: &Estate) -> AwsResult<Option<String>> {
    let fields = &ask.fields;
    match (fields.get("TemplateBody"), fields.get("TemplateURL")) {
        (Some(_), Some(_)) => Err(AwsError::validation(
            "You cannot specify both Template URL and Template Body.",
        )),
        (None, None) => Ok(None),
        (Some(text), None) => {
            check_body(text)?;
            Ok(Some(text.to_owned()))
        }
        (None, Some(url)) => behind(url, estate).map(Some),
    }
}

/// Returns the template behind an address.
fn behind(url: &str, estate: &Estate) -> AwsResult<String> {
    let host = url
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
        .map(|(host, _)| host);
    let is_s3 = host.is_some_and(|host| {
        host.ends_with(".amazonaws.com") && host.split('.').any(|part| part.starts_with("s3"))
    });
    if !is_s3 {
        return Err(AwsError::validation("TemplateURL must be a supported URL."));
    }
    estate.sources.get(url).ok_or_else(|| {
        AwsError::validation(
            "S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        )
    })
}

/// Gets a template as it was given; no transform changes it, so that both stages are the same.
pub fn get(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let text = match (ask.fields.get("ChangeSetName"), ask.fields.get("StackName")) {
        (Some(name), stack) => {
            let (index, set) = estate.find_change_set(&ask.site, name, stack)?;
            &estate.stacks[index].change_sets[set].inputs.template
        }
        (None, Some(name)) => {
            let stack = &estate.stacks[estate.require(&ask.site, name)?];
            if stack.status == StackStatus::ReviewInProgress {
                return Err(AwsError::validation(
                    "GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks.",
                ));
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
    let template = match (body(ask, estate)?, ask.fields.get("StackName")) {
        (Some(_), Some(_)) => {
            return Err(AwsError::validation(
                "You must specify only one of the following parameters: StackName, TemplateBody, TemplateURL.",
            ));
        }
        (Some(text), None) => Template::read(&text)?,
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
pub fn validate(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let Some(text) = body(ask, estate)? else {
        return Err(AwsError::validation(
            "Either Template URL or Template Body must be specified.",
        ));
    };
    let template = Template::read(&text)?;
    template.check_circles()?;
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
