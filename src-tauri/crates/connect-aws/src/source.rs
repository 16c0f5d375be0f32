//! Where credentials may be asked for: AWS, and what gives them to a machine.
//!
//! The SDK's credential providers follow `AWS_ENDPOINT_URL` and `endpoint_url` of a profile. Whoever
//! can set one of them would get signed requests and single sign-on tokens, and could answer with
//! credentials of their own. So a request that carries something worth having goes to AWS over TLS;
//! the addresses that hand credentials to a machine are asked only with what is worth nothing
//! elsewhere.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// The ends of AWS's own names, in every partition.
const AWS: [&str; 11] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".signin.aws.amazon.com",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
];

/// Hosts that give credentials to a machine or container, and tools on this machine that do.
const OF_MACHINE: [&str; 8] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
    "127.0.0.1",
    "[::1]",
    "localhost",
];

/// Whether a request for credentials goes where it should.
pub(crate) fn is_sound(request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name);
    let is_signed = header("authorization").is_some_and(|value| value.starts_with("AWS4-"));
    let is_worth_something = is_signed
        || header("x-amz-sso_bearer_token").is_some()
        || !matches!(request.method(), "GET" | "PUT");
    may_be_asked(request.uri(), is_worth_something)
}

fn may_be_asked(uri: &str, is_worth_something: bool) -> bool {
    let place = place(uri).to_ascii_lowercase();
    let Some((scheme, authority)) = place.split_once("://") else {
        return false;
    };
    // A name before the host would make it look like another one.
    if authority.contains(['@', '\\', '%']) {
        return false;
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let is_aws = scheme == "https" && AWS.iter().any(|end| host.ends_with(end));
    is_aws || (!is_worth_something && OF_MACHINE.contains(&host))
}

/// Scheme, host and port of an address.
pub(crate) fn place(uri: &str) -> &str {
    let begin = uri.find("://").map_or(0, |at| at + 3);
    let end = uri[begin..].find(['/', '?', '#']);
    end.map_or(uri, |end| &uri[..begin + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_25_what_is_worth_something_goes_to_aws_over_tls_and_nowhere_else() {
        for uri in [
            "https://sts.us-east-1.amazonaws.com/",
            "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?x=y",
            "https://vpce-1-a.sts.us-east-1.vpce.amazonaws.com:443/",
            "https://sts.cn-north-1.amazonaws.com.cn",
        ] {
            assert!(may_be_asked(uri, true), "{uri}");
        }
        for uri in [
            "http://sts.us-east-1.amazonaws.com/",
            "https://sts.us-east-1.amazonaws.com.evil.example/",
            "https://evil.example/.amazonaws.com",
            "https://evil.example?.amazonaws.com",
            "https://evil.example#.amazonaws.com",
            "https://sts.amazonaws.com@evil.example/",
            "https://evilamazonaws.com/",
            "https://evil.example\\.amazonaws.com/",
            "http://127.0.0.1:4566/",
            "http://169.254.169.254/",
            "sts.us-east-1.amazonaws.com",
            "",
        ] {
            assert!(!may_be_asked(uri, true), "{uri}");
        }
    }

    #[test]
    fn credentials_of_a_machine_are_asked_for_where_machines_get_them() {
        for uri in [
            "http://169.254.169.254/latest/api/token",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "http://169.254.170.2/v2/credentials/x",
            "http://127.0.0.1:9911/",
        ] {
            assert!(may_be_asked(uri, false), "{uri}");
        }
        assert!(!may_be_asked("http://metadata.evil.example/", false));
        assert!(!may_be_asked("http://169.254.169.254.evil.example/", false));
    }
}
