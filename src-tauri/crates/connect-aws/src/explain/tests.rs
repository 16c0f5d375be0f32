//! The table from AWS's words to kinds, and what people read.

use super::*;
use crate::call::Call;
use interlock_domain::{AccountId, EnvironmentName, Region, Scope};

fn scope() -> Scope {
    Scope {
        environment: EnvironmentName::new("prod").unwrap(),
        account: AccountId::new("333333333333").unwrap(),
        region: Region::new("us-east-1").unwrap(),
    }
}

fn question() -> Call {
    Call::question("DescribeStacks", &scope())
}

fn change() -> Call {
    Call::change("ExecuteChangeSet", &scope())
}

fn said(status: u16, code: &str, message: &str) -> Trouble {
    Trouble::Service {
        status,
        code: code.into(),
        message: message.into(),
    }
}

fn page(status: u16) -> Trouble {
    Trouble::Wire(WireFault::WebPage {
        status,
        title: Some("Guest network".into()),
    })
}

#[test]
fn every_error_of_aws_leads_to_one_decision() {
    use FaultKind as Kind;
    let table = [
        (400, "Throttling", "Rate exceeded", Kind::Throttled),
        (400, "ThrottlingException", "", Kind::Throttled),
        (503, "RequestLimitExceeded", "", Kind::Throttled),
        (429, "Anything", "", Kind::Throttled),
        (
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
            Kind::Expired,
        ),
        (403, "ExpiredTokenException", "", Kind::Expired),
        (403, "RequestExpired", "", Kind::Expired),
        (403, "InvalidClientTokenId", "", Kind::Unauthenticated),
        (403, "SignatureDoesNotMatch", "", Kind::Unauthenticated),
        (
            403,
            "UnrecognizedClientException",
            "",
            Kind::Unauthenticated,
        ),
        (403, "MissingAuthenticationToken", "", Kind::Unauthenticated),
        (
            403,
            "AccessDenied",
            "User: x is not authorized to perform: a:B",
            Kind::Forbidden,
        ),
        (400, "AccessDeniedException", "", Kind::Forbidden),
        (403, "OptInRequired", "", Kind::Forbidden),
        (
            400,
            "ValidationError",
            "Stack with id x does not exist",
            Kind::NotFound,
        ),
        (
            404,
            "ChangeSetNotFound",
            "ChangeSet [x] does not exist",
            Kind::NotFound,
        ),
        (404, "Anything", "", Kind::NotFound),
        (
            400,
            "ValidationError",
            "No updates are to be performed.",
            Kind::NothingToChange,
        ),
        (
            400,
            "InvalidChangeSetStatus",
            "ChangeSet is in DELETE_PENDING",
            Kind::Conflict,
        ),
        (
            400,
            "AlreadyExistsException",
            "Stack [x] already exists",
            Kind::Conflict,
        ),
        (
            400,
            "ValidationError",
            "Stack:arn:x is in UPDATE_IN_PROGRESS state and can not be updated.",
            Kind::Conflict,
        ),
        (
            400,
            "ValidationError",
            "Stack:arn:x is in ROLLBACK_COMPLETE state and can not be updated.",
            Kind::Refused,
        ),
        (
            400,
            "ValidationError",
            "Template format error",
            Kind::Refused,
        ),
        (
            400,
            "InsufficientCapabilitiesException",
            "Requires capabilities",
            Kind::Refused,
        ),
        (
            400,
            "InvalidAction",
            "Could not find operation",
            Kind::Unsupported,
        ),
        (501, "InternalFailure", "", Kind::Unsupported),
        (500, "InternalFailure", "", Kind::Unreachable),
    ];
    for (status, code, message, kind) in table {
        let error = explain(&question(), None, &said(status, code, message));
        assert_eq!(error.kind, kind, "{code}: {message}");
        assert_eq!(error.code.as_deref(), Some(code));
        assert_eq!(error.operation, "DescribeStacks in prod us-east-1");
        assert!(error.message.contains("prod"), "{}", error.message);
    }
}

#[test]
fn a_definite_refusal_of_a_change_is_no_unknown_outcome() {
    use FaultKind as Kind;
    for (status, code, kind) in [
        (400, "Throttling", Kind::Throttled),
        (403, "AccessDenied", Kind::Forbidden),
        (403, "ExpiredToken", Kind::Expired),
        (400, "InvalidChangeSetStatus", Kind::Conflict),
        (400, "ValidationError", Kind::Refused),
    ] {
        let error = explain(&change(), None, &said(status, code, "x"));
        assert_eq!(error.kind, kind, "{code}");
    }
    let refused = explain(
        &change(),
        None,
        &Trouble::NotSent("Connection refused".into()),
    );
    assert_eq!(refused.kind, FaultKind::Unreachable);
}

#[test]
fn a_change_without_a_clear_answer_has_an_unknown_outcome() {
    let unclear = [
        Trouble::Lost("connection closed before message completed".into()),
        Trouble::Garbled {
            status: 200,
            text: "bad XML".into(),
        },
        Trouble::Wire(WireFault::CutShort { bytes: 12 }),
        page(200),
        page(502),
        said(500, "InternalFailure", ""),
        said(503, "ServiceUnavailable", ""),
    ];
    for trouble in unclear {
        let error = explain(&change(), None, &trouble);
        assert_eq!(error.kind, FaultKind::OutcomeUnknown, "{trouble:?}");
        assert!(!error.kind.retryable());
        assert!(error.hint.unwrap().contains("Do not repeat it"));
    }
}

#[test]
fn what_is_no_answer_to_a_question_is_told_apart() {
    use FaultKind as Kind;
    let redirect = Trouble::Wire(WireFault::Redirect {
        status: 302,
        to: "https://login.example/".into(),
    });
    let garbled = |status| Trouble::Garbled {
        status,
        text: "invalid XML".into(),
    };
    for (trouble, kind) in [
        (page(200), Kind::CaptivePortal),
        (page(403), Kind::CaptivePortal),
        (page(511), Kind::CaptivePortal),
        (redirect, Kind::CaptivePortal),
        (page(500), Kind::BadAnswer),
        (page(503), Kind::Unreachable),
        (
            Trouble::Wire(WireFault::CutShort { bytes: 9 }),
            Kind::BadAnswer,
        ),
        (Trouble::Wire(WireFault::Foreign), Kind::BadAnswer),
        (Trouble::Wire(WireFault::TooLarge), Kind::BadAnswer),
        (garbled(200), Kind::BadAnswer),
        (garbled(429), Kind::Throttled),
        (garbled(503), Kind::Unreachable),
        (
            Trouble::Lost("no answer came in time".into()),
            Kind::Unreachable,
        ),
        (
            Trouble::NotSent("Connection refused".into()),
            Kind::Unreachable,
        ),
    ] {
        let error = explain(&question(), None, &trouble);
        assert_eq!(error.kind, kind, "{trouble:?}");
        assert!(error.message.ends_with('.'), "{}", error.message);
        assert!(error.hint.is_some(), "{trouble:?}");
    }
}

#[test]
fn a_denial_names_the_person_the_action_and_the_missing_permission() {
    let message = "User: arn:aws:sts::333333333333:assumed-role/Reader/ana.ruiz is not \
        authorized to perform: cloudformation:ExecuteChangeSet on resource: \
        arn:aws:cloudformation:us-east-1:333333333333:stack/transfers/* because no \
        identity-based policy allows it";
    let error = explain(&change(), None, &said(403, "AccessDenied", message));
    assert_eq!(
        error.message,
        "ana.ruiz (role Reader) may not ExecuteChangeSet in prod us-east-1: the permission \
         cloudformation:ExecuteChangeSet on \
         arn:aws:cloudformation:us-east-1:333333333333:stack/transfers/* is missing."
    );
    let hint = error.hint.unwrap();
    assert!(
        hint.contains("allow cloudformation:ExecuteChangeSet"),
        "{hint}"
    );
    assert!(hint.contains("assumed-role/Reader/ana.ruiz"), "{hint}");
}

#[test]
fn a_denial_without_details_is_filled_from_the_call() {
    let caller = "arn:aws:iam::333333333333:user/ana";
    let call = change().about("transfers-change");
    let error = explain(
        &call,
        Some(caller),
        &said(403, "AccessDenied", "Access denied"),
    );
    assert_eq!(
        error.message,
        "ana may not ExecuteChangeSet in prod us-east-1: the permission \
         cloudformation:ExecuteChangeSet on transfers-change is missing."
    );
    let forbidden = said(403, "AccessDenied", "x with an explicit deny in a policy");
    let hint = explain(&call, None, &forbidden).hint.unwrap();
    assert!(hint.contains("forbids"), "{hint}");
}

#[test]
fn hints_know_the_profile_the_clock_and_certificates() {
    let call = Call {
        profile: Some("bank-prod".into()),
        ..question()
    };
    let hint = explain(&call, None, &said(403, "ExpiredToken", ""))
        .hint
        .unwrap();
    assert!(hint.contains("aws sso login --profile bank-prod"), "{hint}");
    let skewed = said(
        403,
        "SignatureDoesNotMatch",
        "Signature expired: a is now earlier than b",
    );
    let error = explain(&call, None, &skewed);
    assert!(
        error.message.contains("time of this computer"),
        "{}",
        error.message
    );
    let untrusted = Trouble::NotSent("invalid peer certificate: UnknownIssuer".into());
    let hint = explain(&call, None, &untrusted).hint.unwrap();
    assert!(hint.contains("trusted certificates"), "{hint}");
}

#[test]
fn foreign_text_is_told_on_one_line_and_not_at_any_length() {
    let long = format!("first\nsecond {}", "x".repeat(5000));
    let error = explain(&question(), None, &said(400, "ValidationError", &long));
    assert!(error.message.contains("first second"));
    assert!(error.message.chars().count() < 800);
}
