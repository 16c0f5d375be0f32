//! Signature Version 4, verified as AWS does: scope, canonical request, age and signature.

use super::error::AwsError;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::request::Parts;
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// How old or early a signature may be, in seconds.
const SKEW_SECONDS: i64 = 15 * 60;

/// The readable part of an `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Access key id.
    pub access_key_id: String,
    /// Day of the scope.
    pub day: String,
    /// Region of the scope.
    pub region: String,
    /// Service of the scope.
    pub service: String,
    signed_headers: Vec<String>,
    signature: String,
}

fn incomplete(what: &str) -> AwsError {
    AwsError::new("IncompleteSignature", what.to_owned())
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

impl Authorization {
    /// Reads the header of a request.
    pub fn of(parts: &Parts) -> Result<Self, AwsError> {
        let text = header(parts, "authorization").ok_or_else(|| {
            AwsError::forbidden(
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            )
        })?;
        let fields = text
            .strip_prefix("AWS4-HMAC-SHA256")
            .ok_or_else(|| incomplete("Unsupported authentication scheme."))?;
        let field = |name: &str| {
            fields
                .split(',')
                .map(str::trim)
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| {
                    incomplete(&format!(
                        "Authorization header requires '{name}' parameter."
                    ))
                })
        };
        let credential: Vec<&str> = field("Credential")?.split('/').collect();
        let [access_key_id, day, region, service, "aws4_request"] = credential.as_slice() else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term",
            ));
        };
        Ok(Self {
            access_key_id: (*access_key_id).to_owned(),
            day: (*day).to_owned(),
            region: (*region).to_owned(),
            service: (*service).to_owned(),
            signed_headers: field("SignedHeaders")?
                .split(';')
                .map(str::to_owned)
                .collect(),
            signature: field("Signature")?.to_owned(),
        })
    }

    /// Verifies a request with the secret of its access key.
    pub fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
        secret: &str,
        now: Timestamp,
    ) -> Result<(), AwsError> {
        let date = header(parts, "x-amz-date")
            .ok_or_else(|| incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."))?;
        let signed_at = instant(date).ok_or_else(|| {
            incomplete(&format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'."
            ))
        })?;
        check_age(date, signed_at, now)?;
        if !date.starts_with(&self.day) {
            return Err(mismatch());
        }
        for required in ["host", "x-amz-date"] {
            if !self.signed_headers.iter().any(|name| name == required) {
                return Err(AwsError::forbidden(
                    "SignatureDoesNotMatch",
                    format!("'{required}' must be a 'SignedHeader' in the AWS Authorization."),
                ));
            }
        }
        let scope = format!("{}/{}/{}/aws4_request", self.day, self.region, self.service);
        let canonical = canonical_request(parts, body, &self.signed_headers);
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
            hex::encode(Sha256::digest(canonical))
        );
        let mut key = format!("AWS4{secret}").into_bytes();
        for part in [&self.day, &self.region, &self.service, "aws4_request"] {
            key = hmac(&key, part.as_bytes());
        }
        let expected = hex::encode(hmac(&key, to_sign.as_bytes()));
        if same(expected.as_bytes(), self.signature.as_bytes()) {
            Ok(())
        } else {
            Err(mismatch())
        }
    }
}

fn mismatch() -> AwsError {
    AwsError::forbidden(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    )
}

/// Compares without telling by time where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn check_age(date: &str, signed_at: Timestamp, now: Timestamp) -> Result<(), AwsError> {
    let age = now.as_second() - signed_at.as_second();
    if age.abs() <= SKEW_SECONDS {
        return Ok(());
    }
    let now_text = now.strftime("%Y%m%dT%H%M%SZ");
    let message = if age > 0 {
        format!(
            "Signature expired: {date} is now earlier than the allowed time of 15 minutes before {now_text}"
        )
    } else {
        format!("Signature not yet current: {date} is still later than {now_text} + 15 min.")
    };
    Err(AwsError::forbidden("SignatureDoesNotMatch", message))
}

fn instant(date: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

fn canonical_request(parts: &Parts, body: &[u8], signed_headers: &[String]) -> String {
    let mut query: Vec<(String, String)> = parts
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    query.sort();
    let query: Vec<String> = query
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let mut headers = String::new();
    for name in signed_headers {
        let values: Vec<String> = parts
            .headers
            .get_all(name)
            .iter()
            .map(|value| {
                let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect();
        let _ = writeln!(headers, "{name}:{}", values.join(","));
    }
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        parts.method,
        parts.uri.path(),
        query.join("&"),
        signed_headers.join(";"),
        hex::encode(Sha256::digest(body))
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use http::Request;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// Signs a request's parts the way clients do; tests of the endpoint use it.
    pub(crate) fn sign(
        parts: &mut Parts,
        body: &[u8],
        key: (&str, &str),
        region: &str,
        service: &str,
    ) {
        let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = date[..8].to_owned();
        parts.headers.insert("x-amz-date", date.parse().unwrap());
        let mut names: Vec<String> = parts
            .headers
            .keys()
            .map(|n| n.as_str().to_owned())
            .collect();
        names.sort();
        let canonical = canonical_request(parts, body, &names);
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
            hex::encode(Sha256::digest(canonical))
        );
        let mut derived = format!("AWS4{}", key.1).into_bytes();
        for part in [day.as_str(), region, service, "aws4_request"] {
            derived = hmac(&derived, part.as_bytes());
        }
        let signature = hex::encode(hmac(&derived, to_sign.as_bytes()));
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={signature}",
            key.0,
            names.join(";")
        );
        parts
            .headers
            .insert("authorization", value.parse().unwrap());
    }

    fn vector(
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        signed: &str,
        signature: &str,
    ) -> Parts {
        let mut builder = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "example.amazonaws.com")
            .header("x-amz-date", "20150830T123600Z")
            .header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, Signature={signature}"
                ),
            );
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap().into_parts().0
    }

    fn at(text: &str) -> Timestamp {
        instant(text).unwrap()
    }

    /// Cases of the SigV4 test suite that AWS published.
    #[test]
    fn the_published_vectors_verify() {
        let form = "application/x-www-form-urlencoded";
        for (parts, body) in [
            (
                vector(
                    "GET",
                    "/",
                    &[],
                    "host;x-amz-date",
                    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                ),
                "",
            ),
            (
                vector(
                    "GET",
                    "/?Param2=value2&Param1=value1",
                    &[],
                    "host;x-amz-date",
                    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
                ),
                "",
            ),
            (
                vector(
                    "POST",
                    "/",
                    &[],
                    "host;x-amz-date",
                    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                ),
                "",
            ),
            (
                vector(
                    "POST",
                    "/",
                    &[("content-type", form)],
                    "content-type;host;x-amz-date",
                    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
                ),
                "Param1=value1",
            ),
        ] {
            let authorization = Authorization::of(&parts).unwrap();
            assert_eq!(authorization.access_key_id, "AKIDEXAMPLE");
            authorization
                .verify(&parts, body.as_bytes(), SECRET, at("20150830T123600Z"))
                .unwrap();
        }
    }

    #[test]
    fn another_secret_body_or_day_does_not_verify() {
        let signature = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
        let parts = vector(
            "POST",
            "/",
            &[("content-type", "application/x-www-form-urlencoded")],
            "content-type;host;x-amz-date",
            signature,
        );
        let authorization = Authorization::of(&parts).unwrap();
        let now = at("20150830T123600Z");
        for (body, secret, now, words) in [
            ("Param1=value2", SECRET, now, "does not match"),
            ("Param1=value1", "other", now, "does not match"),
            (
                "Param1=value1",
                SECRET,
                at("20150830T125200Z"),
                "Signature expired",
            ),
            (
                "Param1=value1",
                SECRET,
                at("20150830T122000Z"),
                "not yet current",
            ),
        ] {
            let error = authorization
                .verify(&parts, body.as_bytes(), secret, now)
                .unwrap_err();
            assert_eq!(error.code, "SignatureDoesNotMatch");
            assert!(error.message.contains(words), "{error}");
        }
    }

    #[test]
    fn a_request_without_or_with_a_broken_signature_is_told_so() {
        let (none, ()) = Request::builder().uri("/").body(()).unwrap().into_parts();
        assert_eq!(
            Authorization::of(&none).unwrap_err().code,
            "MissingAuthenticationToken"
        );
        let (broken, ()) = Request::builder()
            .uri("/")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=x",
            )
            .body(())
            .unwrap()
            .into_parts();
        assert_eq!(
            Authorization::of(&broken).unwrap_err().code,
            "IncompleteSignature"
        );
    }
}
