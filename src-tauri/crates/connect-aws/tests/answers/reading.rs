//! Questions: what is data, what is not, and when they are repeated.

use crate::server::{Reply, Server, connector, fault, hasty, member, result, scope, xml};
use interlock_app::ports::{StackChanger as _, StackReader as _, TemplateStage};
use interlock_connect_aws::AwsConnector;
use interlock_domain::FaultKind;
use interlock_domain::change_set::ChangeSetState;
use std::fmt::Write as _;
use std::time::Duration;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Guest network</title></head>\
    <body>Please log in</body></html>";

async fn answering(reply: Reply) -> Server {
    Server::start(move |asked, _| (asked.action() == "DescribeStacks").then(|| reply.clone())).await
}

async fn kind_of_stacks(reply: Reply) -> (FaultKind, usize) {
    let server = answering(reply).await;
    let fault = connector(&server).stacks(&scope()).await.unwrap_err();
    assert!(fault.hint.is_some(), "{fault:?}");
    (fault.kind, server.asked("DescribeStacks").len())
}

#[tokio::test]
async fn a_web_page_is_never_an_empty_list() {
    for kind in [
        "text/html; charset=utf-8",
        "text/xml",
        "application/octet-stream",
    ] {
        let page = Reply::Text(200, kind, PAGE.into());
        assert_eq!(kind_of_stacks(page).await, (FaultKind::CaptivePortal, 1));
    }
    let blank = Reply::Text(200, "text/html", String::new());
    assert_eq!(kind_of_stacks(blank).await.0, FaultKind::CaptivePortal);
    let away = Reply::Redirect("https://login.example/");
    assert_eq!(kind_of_stacks(away).await.0, FaultKind::CaptivePortal);
}

#[tokio::test]
async fn a_web_page_of_a_failed_server_is_a_bad_answer() {
    let page = Reply::Text(500, "text/html", PAGE.into());
    assert_eq!(kind_of_stacks(page).await, (FaultKind::BadAnswer, 1));
}

#[tokio::test]
async fn threat_07_an_answer_with_entities_of_its_own_is_a_bad_answer() {
    let mut laughs = String::from("<!DOCTYPE x [<!ENTITY a0 \"prod\">");
    for level in 1..12 {
        let ten = format!("&a{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY a{level} \"{ten}\">").unwrap();
    }
    let file = "<!DOCTYPE x [<!ENTITY a11 SYSTEM \"file:///etc/hostname\">]>";
    for doctype in [laughs + "]>", file.to_owned()] {
        let named = member("&a11;", "CREATE_COMPLETE");
        let Reply::Text(_, _, good) =
            result("DescribeStacks", &format!("<Stacks>{named}</Stacks>"))
        else {
            unreachable!()
        };
        let begun = std::time::Instant::now();
        let (kind, _) = kind_of_stacks(xml(doctype + &good)).await;
        assert!(
            matches!(kind, FaultKind::BadAnswer | FaultKind::CaptivePortal),
            "{kind:?}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}

#[tokio::test]
async fn a_list_cut_anywhere_is_never_a_shorter_list() {
    let Reply::Text(_, _, whole) = result(
        "DescribeStacks",
        &format!(
            "<Stacks>{}{}</Stacks>",
            member("a", "CREATE_COMPLETE"),
            member("b", "CREATE_COMPLETE")
        ),
    ) else {
        unreachable!()
    };
    let after_first = whole.find("</member>").unwrap() + "</member>".len();
    for cut in [0, 1, 40, after_first, whole.len() - 3] {
        let clean = xml(&whole[..cut]);
        assert_eq!(kind_of_stacks(clean).await.0, FaultKind::BadAnswer, "{cut}");
        let torn = Reply::ShortOf(whole[..cut].to_owned());
        assert_eq!(kind_of_stacks(torn).await.0, FaultKind::BadAnswer, "{cut}");
    }
}

#[tokio::test]
async fn other_formats_and_other_answers_are_bad_answers() {
    let json = Reply::Text(200, "application/json", "{\"Stacks\":[]}".into());
    assert_eq!(kind_of_stacks(json).await.0, FaultKind::BadAnswer);
    let other = result("ListExports", "<Exports/>");
    assert_eq!(kind_of_stacks(other).await.0, FaultKind::BadAnswer);
    let nameless = member("a", "CREATE_COMPLETE").replace(">a<", "><");
    let nameless = result("DescribeStacks", &format!("<Stacks>{nameless}</Stacks>"));
    assert_eq!(kind_of_stacks(nameless).await.0, FaultKind::BadAnswer);
}

#[tokio::test]
async fn a_throttled_question_is_asked_again_until_it_is_answered() {
    let server = Server::start(|asked, before| match (asked.action(), before) {
        ("DescribeStacks", 0 | 1) => Some(fault(400, "Throttling", "Rate exceeded")),
        ("DescribeStacks", _) => Some(result("DescribeStacks", "<Stacks/>")),
        _ => None,
    })
    .await;
    let stacks = connector(&server).stacks(&scope()).await.unwrap();
    assert!(stacks.is_empty());
    assert_eq!(server.asked("DescribeStacks").len(), 3);
}

#[tokio::test]
async fn a_question_throttled_for_ever_ends_as_throttled() {
    let throttled = fault(400, "Throttling", "Rate exceeded");
    assert_eq!(kind_of_stacks(throttled).await, (FaultKind::Throttled, 4));
}

#[tokio::test]
async fn a_question_without_answer_is_asked_three_times() {
    assert_eq!(
        kind_of_stacks(Reply::Drop).await,
        (FaultKind::Unreachable, 3)
    );
    let server = answering(Reply::Hang).await;
    let hung = hasty(&server).stacks(&scope()).await.unwrap_err();
    assert_eq!(hung.kind, FaultKind::Unreachable);
    assert_eq!(server.asked("DescribeStacks").len(), 3);
    let failed = fault(500, "InternalFailure", "oops");
    assert_eq!(kind_of_stacks(failed).await, (FaultKind::Unreachable, 3));
    let server = Server::start(|asked, before| match (asked.action(), before) {
        ("DescribeStacks", 0) => Some(Reply::Drop),
        ("DescribeStacks", _) => Some(result("DescribeStacks", "<Stacks/>")),
        _ => None,
    })
    .await;
    assert!(connector(&server).stacks(&scope()).await.is_ok());
}

#[tokio::test]
async fn a_server_that_is_down_is_unreachable_by_name() {
    let server = answering(Reply::Drop).await;
    let down = server.address.clone();
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let connector = AwsConnector::new(crate::server::options(&down));
    let fault = connector.stacks(&scope()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.message.contains(&down), "{}", fault.message);
}

#[tokio::test]
async fn all_pages_are_read_and_pages_in_circles_are_seen() {
    let server = Server::start(|asked, _| {
        let (name, next) = match asked.field("NextToken") {
            "" => ("first", "<NextToken>one+/=</NextToken>"),
            "one+/=" => ("second", "<NextToken>two</NextToken>"),
            _ => ("third", "<NextToken></NextToken>"),
        };
        let stacks = format!("<Stacks>{}</Stacks>{next}", member(name, "CREATE_COMPLETE"));
        (asked.action() == "DescribeStacks").then(|| result("DescribeStacks", &stacks))
    })
    .await;
    let stacks = connector(&server).stacks(&scope()).await.unwrap();
    let names: Vec<_> = stacks.iter().map(|stack| stack.name.as_str()).collect();
    assert_eq!(names, ["first", "second", "third"]);
    let again = result("DescribeStacks", "<Stacks/><NextToken>again</NextToken>");
    assert_eq!(kind_of_stacks(again).await, (FaultKind::BadAnswer, 2));
}

#[tokio::test]
async fn events_are_read_only_until_the_last_seen_and_come_oldest_first() {
    let event = |id: &str| {
        format!(
            "<member><StackId>arn:s</StackId><EventId>{id}</EventId><StackName>pay</StackName>\
             <LogicalResourceId>pay</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack\
             </ResourceType><Timestamp>2026-03-01T10:00:00.123Z</Timestamp>\
             <ResourceStatus>UPDATE_COMPLETE</ResourceStatus></member>"
        )
    };
    let server = Server::start(move |asked, _| {
        let (ids, next) = match asked.field("NextToken") {
            "" => (["e6", "e5"], "<NextToken>2</NextToken>"),
            "2" => (["e4", "e3"], "<NextToken>3</NextToken>"),
            _ => (["e2", "e1"], ""),
        };
        let events: String = ids.into_iter().map(event).collect();
        let inside = format!("<StackEvents>{events}</StackEvents>{next}");
        (asked.action() == "DescribeStackEvents").then(|| result("DescribeStackEvents", &inside))
    })
    .await;
    let connector = connector(&server);
    let ids = |events: Vec<interlock_domain::stack::StackEvent>| {
        events.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    let news = connector.events_after(&scope(), "pay", Some("e4")).await;
    assert_eq!(ids(news.unwrap()), ["e5", "e6"]);
    assert_eq!(server.asked("DescribeStackEvents").len(), 2);
    let nothing = connector.events_after(&scope(), "pay", Some("e6")).await;
    assert!(nothing.unwrap().is_empty());
    let all = connector.events_after(&scope(), "pay", None).await.unwrap();
    assert_eq!(ids(all), ["e1", "e2", "e3", "e4", "e5", "e6"]);
}

#[tokio::test]
async fn templates_come_byte_by_byte_and_a_missing_one_is_not_found() {
    let server = Server::start(|asked, _| {
        let body = match (asked.field("TemplateStage"), asked.field("StackName")) {
            ("Original", "pay") => "Resources:\n  A: !Ref 'ñ'   # &lt;end&gt;\n\n",
            ("Processed", "pay") => "{&quot;Resources&quot;:{}}",
            _ => "",
        };
        let inside = format!("<TemplateBody>{body}</TemplateBody>");
        (asked.action() == "GetTemplate").then(|| result("GetTemplate", &inside))
    })
    .await;
    let connector = connector(&server);
    let scope = scope();
    let original = connector.template(&scope, "pay", TemplateStage::Original);
    assert_eq!(
        original.await.unwrap(),
        "Resources:\n  A: !Ref 'ñ'   # <end>\n\n"
    );
    let processed = connector.template(&scope, "pay", TemplateStage::Processed);
    assert_eq!(processed.await.unwrap(), "{\"Resources\":{}}");
    let missing = connector.template(&scope, "gone", TemplateStage::Original);
    assert_eq!(missing.await.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_drift_detection_is_followed_to_its_end() {
    let server = Server::start(|asked, before| {
        let inside = match asked.action() {
            "DetectStackDrift" => "<StackDriftDetectionId>d-1</StackDriftDetectionId>".to_owned(),
            "DescribeStackDriftDetectionStatus" => {
                assert_eq!(asked.field("StackDriftDetectionId"), "d-1");
                let word = ["DETECTION_IN_PROGRESS", "DETECTION_COMPLETE"][before.min(1)];
                format!(
                    "<StackId>arn:s</StackId><StackDriftDetectionId>d-1</StackDriftDetectionId>\
                     <DetectionStatus>{word}</DetectionStatus>\
                     <Timestamp>2026-03-01T10:00:00Z</Timestamp>"
                )
            }
            "DescribeStackResourceDrifts" => {
                "<StackResourceDrifts><member><StackId>arn:s</StackId>\
                <LogicalResourceId>Limit</LogicalResourceId>\
                <ResourceType>AWS::SSM::Parameter</ResourceType>\
                <StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus>\
                <PropertyDifferences><member><PropertyPath>/Value</PropertyPath>\
                <ExpectedValue>10</ExpectedValue><ActualValue>99</ActualValue>\
                <DifferenceType>NOT_EQUAL</DifferenceType></member></PropertyDifferences>\
                <Timestamp>2026-03-01T10:00:00Z</Timestamp></member></StackResourceDrifts>"
                    .to_owned()
            }
            _ => return None,
        };
        Some(result(asked.action(), &inside))
    })
    .await;
    let drifted = connector(&server)
        .detect_drift(&scope(), "pay")
        .await
        .unwrap();
    assert_eq!(drifted.len(), 1);
    assert_eq!(drifted[0].status, "MODIFIED");
    assert_eq!(drifted[0].differences[0].actual, "99");
    let filters = &server.asked("DescribeStackResourceDrifts")[0];
    assert_eq!(
        filters.field("StackResourceDriftStatusFilters.member.1"),
        "MODIFIED"
    );
    assert_eq!(
        filters.field("StackResourceDriftStatusFilters.member.2"),
        "DELETED"
    );
    assert_eq!(server.asked("DescribeStackDriftDetectionStatus").len(), 2);
}

fn change_set_page(logical_id: &str, next: &str) -> Reply {
    result(
        "DescribeChangeSet",
        &format!(
            "<ChangeSetName>rel</ChangeSetName><ChangeSetId>arn:set</ChangeSetId>\
             <StackId>arn:s</StackId><StackName>pay</StackName><Status>CREATE_COMPLETE</Status>\
             <ExecutionStatus>AVAILABLE</ExecutionStatus><Changes><member><Type>Resource</Type>\
             <ResourceChange><Action>Modify</Action>\
             <LogicalResourceId>{logical_id}</LogicalResourceId>\
             <ResourceType>AWS::SSM::Parameter</ResourceType></ResourceChange></member></Changes>\
             {next}"
        ),
    )
}

#[tokio::test]
async fn a_change_set_is_read_with_values_over_all_pages() {
    let server = Server::start(|asked, _| {
        (asked.action() == "DescribeChangeSet").then(|| match asked.field("NextToken") {
            "" => change_set_page("First", "<NextToken>n</NextToken>"),
            _ => change_set_page("Second", ""),
        })
    })
    .await;
    let set = connector(&server)
        .change_set(&scope(), "pay", "rel")
        .await
        .unwrap();
    assert_eq!(set.state, ChangeSetState::Available);
    assert_eq!(set.changes.len(), 2);
    for asked in server.asked("DescribeChangeSet") {
        assert_eq!(asked.field("IncludePropertyValues"), "true");
        assert_eq!(asked.field("StackName"), "pay");
    }
}

#[tokio::test]
async fn a_server_that_knows_no_property_values_is_asked_without() {
    let server = Server::start(|asked, _| {
        (asked.action() == "DescribeChangeSet").then(|| {
            match asked.field("IncludePropertyValues") {
                "" => change_set_page("Only", ""),
                _ => fault(
                    400,
                    "ValidationError",
                    "Unknown parameter IncludePropertyValues",
                ),
            }
        })
    })
    .await;
    let set = connector(&server)
        .change_set(&scope(), "pay", "rel")
        .await
        .unwrap();
    assert_eq!(set.changes[0].logical_id, "Only");
}
