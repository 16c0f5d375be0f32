//! The scope of a signature: a request must be signed for the service that it speaks to, in a region that exists.
//!
//! AWS has an endpoint for each service; here one address is all of them, so that the API's version tells which service
//! a request means.

use super::api::version_of;
use super::error::{AwsError, AwsResult};
use super::query::Fields;
use super::sigv4::Authorization;
use http::StatusCode;

/// The services that are served.
const SERVICES: [&str; 2] = ["cloudformation", "sts"];

/// Regions that every account has from the start.
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

fn mismatch(demand: &str) -> AwsError {
    AwsError::forbidden(
        "SignatureDoesNotMatch",
        format!("Credential should be scoped to {demand} "),
    )
}

/// Refuses a request that is signed for another service or region than it means.
pub fn check(authorization: &Authorization, fields: &Fields) -> AwsResult<()> {
    let service = authorization.service.as_str();
    let version = fields.get("Version");
    let meant = SERVICES
        .into_iter()
        .find(|service| version == Some(version_of(service)));
    match meant {
        Some(meant) if meant != service => {
            return Err(mismatch(&format!("correct service: '{meant}'.")));
        }
        None if !SERVICES.contains(&service) => {
            return Err(AwsError::with_status(
                "UnknownOperationException",
                format!("The practice estate does not serve {service}"),
                StatusCode::NOT_FOUND,
            ));
        }
        _ => {}
    }
    if REGIONS.contains(&authorization.region.as_str()) {
        Ok(())
    } else {
        Err(mismatch("a valid region."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn refusal(service: &str, region: &str, form: &str) -> Option<(String, String)> {
        let (parts, ()) = Request::builder()
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential=a/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=x"),
            )
            .body(())
            .unwrap()
            .into_parts();
        let authorization = Authorization::of(&parts).unwrap();
        check(&authorization, &Fields::parse(form.as_bytes()))
            .err()
            .map(|error| (error.code, error.message))
    }

    #[test]
    fn a_request_must_be_signed_for_its_service_and_a_region() {
        let cloudformation = "Action=ListStacks&Version=2010-05-15";
        assert_eq!(refusal("cloudformation", "us-east-1", cloudformation), None);
        for (service, region, form, words) in [
            (
                "sts",
                "us-east-1",
                cloudformation,
                "correct service: 'cloudformation'.",
            ),
            (
                "s3",
                "us-east-1",
                cloudformation,
                "correct service: 'cloudformation'.",
            ),
            (
                "cloudformation",
                "mars-1",
                cloudformation,
                "a valid region.",
            ),
            (
                "cloudformation",
                "us-east-1",
                "Action=GetCallerIdentity&Version=2011-06-15",
                "correct service: 'sts'.",
            ),
        ] {
            let (code, message) = refusal(service, region, form).unwrap();
            assert_eq!(code, "SignatureDoesNotMatch");
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn other_services_are_not_served() {
        let (code, _) = refusal("dynamodb", "us-east-1", "{}").unwrap();
        assert_eq!(code, "UnknownOperationException");
    }
}
