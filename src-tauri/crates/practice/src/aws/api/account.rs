//! DescribeAccountLimits and EstimateTemplateCost: what AWS answers about an account without looking at its stacks.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::resource_types::uuid_of;
use super::super::template::Template;
use super::super::xml::Xml;
use super::Ask;
use super::templates::body;

/// Describes the limits that AWS gives an account by default.
#[expect(
    clippy::unnecessary_wraps,
    reason = "all operations have one signature"
)]
pub fn limits(_: &Ask<'_>, _: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let limits = [
        ("ConcurrentResourcesLimit", 2500),
        ("StackLimit", 2000),
        ("StackOutputsLimit", 200),
    ];
    xml.list("AccountLimits", limits, |xml, (name, value)| {
        xml.text("Name", name).text("Value", value.to_string());
    });
    Ok(())
}

/// Names the page where a template's cost would be worked out.
pub fn estimate(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let text = body(ask, estate)?.ok_or_else(|| {
        AwsError::validation("Either Template URL or Template Body must be specified.")
    })?;
    Template::read(&text)?.check_circles()?;
    let key = uuid_of(&text);
    xml.text(
        "Url",
        format!("https://calculator.aws/#/estimate?key=cloudformation/{key}"),
    );
    Ok(())
}
