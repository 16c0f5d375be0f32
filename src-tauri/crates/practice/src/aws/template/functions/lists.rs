//! The functions of lists: joined, split, picked from, and made of networks and zones.

use super::broken;
use crate::aws::error::AwsResult;
use crate::aws::template::KNOWN_AFTER_APPLY;
use crate::aws::template::evaluate::{Evaluated, Scope, text_of};
use serde_json::Value;
use std::net::Ipv4Addr;

impl Scope<'_> {
    pub(super) fn join(&self, argument: &Value) -> AwsResult<Evaluated> {
        let Some([Value::String(separator), list]) = argument.as_array().map(Vec::as_slice) else {
            return Err(broken(
                "every Fn::Join object",
                "requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
            ));
        };
        let Value::Array(items) = known!(self.evaluate(list)?) else {
            return Err(broken(
                "every Fn::Join object",
                "requires a list of strings",
            ));
        };
        let items: Vec<_> = items.iter().map(text_of).collect();
        if items.iter().any(|item| item.contains(KNOWN_AFTER_APPLY)) {
            return Ok(Evaluated::AfterApply);
        }
        Ok(Evaluated::Value(items.join(separator).into()))
    }

    pub(super) fn select(&self, argument: &Value) -> AwsResult<Evaluated> {
        let Some([index, list]) = argument.as_array().map(Vec::as_slice) else {
            return Err(broken("Fn::Select", "requires an index and a list"));
        };
        let index: usize = text_of(&known!(self.evaluate(index)?))
            .parse()
            .map_err(|_| broken("Fn::Select", "requires a number as its index"))?;
        let Value::Array(items) = known!(self.evaluate(list)?) else {
            return Err(broken("Fn::Select", "requires a list"));
        };
        match items.get(index) {
            Some(item) if text_of(item) == KNOWN_AFTER_APPLY => Ok(Evaluated::AfterApply),
            Some(item) => Ok(Evaluated::Value(item.clone())),
            None => Err(broken(
                "Fn::Select",
                &format!("cannot select nonexistent value at index {index}"),
            )),
        }
    }

    pub(super) fn split(&self, argument: &Value) -> AwsResult<Evaluated> {
        let Some([Value::String(separator), text]) = argument.as_array().map(Vec::as_slice) else {
            return Err(broken(
                "every Fn::Split object",
                "requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
            ));
        };
        let text = text_of(&known!(self.evaluate(text)?));
        if text.contains(KNOWN_AFTER_APPLY) {
            return Ok(Evaluated::AfterApply);
        }
        let parts: Vec<_> = text.split(separator.as_str()).map(Value::from).collect();
        Ok(Evaluated::Value(Value::Array(parts)))
    }

    pub(super) fn zones(&self, argument: &Value) -> AwsResult<Evaluated> {
        let region = text_of(&known!(self.evaluate(argument)?));
        let region = if region.is_empty() {
            self.region
        } else {
            &region
        };
        let zones: Vec<_> = ["a", "b", "c"]
            .iter()
            .map(|zone| Value::from(format!("{region}{zone}")))
            .collect();
        Ok(Evaluated::Value(Value::Array(zones)))
    }

    pub(super) fn cidr(&self, argument: &Value) -> AwsResult<Evaluated> {
        let wrong = || broken("Fn::Cidr", "requires a block, a count and a number of bits");
        let mut parts = Vec::new();
        for part in argument.as_array().ok_or_else(wrong)? {
            parts.push(text_of(&known!(self.evaluate(part)?)));
        }
        let (base, _) = parts
            .first()
            .and_then(|block| block.split_once('/'))
            .ok_or_else(wrong)?;
        let base: Ipv4Addr = base.parse().map_err(|_| wrong())?;
        let count: u32 = parts
            .get(1)
            .and_then(|count| count.parse().ok())
            .filter(|count| (1..=256).contains(count))
            .ok_or_else(wrong)?;
        let bits: u32 = match parts.get(2) {
            Some(bits) => bits.parse().map_err(|_| wrong())?,
            None => 8,
        };
        let size = 1_u32.checked_shl(bits).ok_or_else(wrong)?;
        let blocks = (0..count)
            .map(|i| {
                let start = Ipv4Addr::from(u32::from(base).wrapping_add(i.wrapping_mul(size)));
                Value::from(format!("{start}/{}", 32_u32.saturating_sub(bits)))
            })
            .collect();
        Ok(Evaluated::Value(Value::Array(blocks)))
    }
}
