//! Body of the fuzz target for AWS's answers.
//!
//! Not for use: `fuzz/` calls it with whatever libFuzzer finds, the test below with answers that
//! were changed. The bytes go through the guard, the SDK and our conversion, as if they had come
//! over the network. A body panics where a promise is broken.

use crate::{
    call::Call,
    convert::{self, Incomplete},
    explain::explain,
    stacks::{broken, template_text},
    trouble::Trouble,
    wire::{Expected, guard},
};
use aws_sdk_cloudformation as cloudformation;
use aws_sdk_sts as sts;
use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpClient, SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::SdkError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::{
    body::SdkBody, error::metadata::ProvideErrorMetadata, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use interlock_domain::{AccountId, ConnectorError, EnvironmentName, Region, Scope};
use std::error::Error;

/// The longest sentence that an error may be.
const LONGEST: usize = 4_000;

/// Answers everything with the same status and bytes, behind the guard.
#[derive(Debug, Clone)]
struct Played {
    status: StatusCode,
    body: Vec<u8>,
}

impl HttpConnector for Played {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let answer = HttpResponse::new(self.status, SdkBody::from(self.body.clone()));
        HttpConnectorFuture::new(guard(Expected::Xml("Response"), answer))
    }
}

impl HttpClient for Played {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Whose answers are asked for.
fn scope() -> Option<Scope> {
    Some(Scope {
        environment: EnvironmentName::new("prod").ok()?,
        account: AccountId::new("333333333333").ok()?,
        region: Region::new("us-east-1").ok()?,
    })
}

/// An error is a sentence of bearable length.
fn well_told(error: &ConnectorError) {
    for text in [Some(&error.message), error.hint.as_ref()]
        .into_iter()
        .flatten()
    {
        assert!(!text.trim().is_empty(), "an empty sentence: {error:?}");
        assert!(text.len() <= LONGEST, "too long: {error:?}");
    }
}

/// Any answer is data, an error of AWS, or told as what came instead.
pub async fn answers(bytes: &[u8]) {
    let Some(scope) = scope() else { return };
    for status in [200, 400, 403, 500] {
        let Ok(status) = StatusCode::try_from(status) else {
            continue;
        };
        let http = SharedHttpClient::new(Played {
            status,
            body: bytes.to_vec(),
        });
        of_stacks(&http, &scope).await;
        of_identity(&http, &scope).await;
    }
}

async fn of_stacks(http: &SharedHttpClient, scope: &Scope) {
    let config = cloudformation::Config::builder()
        .behavior_version(cloudformation::config::BehaviorVersion::latest())
        .region(cloudformation::config::Region::from_static("us-east-1"))
        .credentials_provider(credentials())
        .http_client(http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(
            cloudformation::config::StalledStreamProtectionConfig::disabled(),
        );
    let client = cloudformation::Client::from_conf(config.build());
    let call = |operation| Call::question(operation, scope);

    let asked = call("DescribeStacks");
    if let Some(page) = told(&asked, client.describe_stacks().send().await) {
        for stack in page.stacks() {
            checked(&asked, convert::stack(stack));
        }
    }
    let asked = call("ListStackResources");
    let answer = client.list_stack_resources().stack_name("x").send().await;
    if let Some(page) = told(&asked, answer) {
        for resource in page.stack_resource_summaries() {
            checked(&asked, convert::resource(resource));
        }
    }
    let asked = call("DescribeStackEvents");
    let answer = client.describe_stack_events().stack_name("x").send().await;
    if let Some(page) = told(&asked, answer) {
        for event in page.stack_events() {
            checked(&asked, convert::event(event));
        }
    }
    let asked = call("DescribeStackResourceDrifts");
    let answer = client.describe_stack_resource_drifts().stack_name("x");
    if let Some(page) = told(&asked, answer.send().await) {
        for drift in page.stack_resource_drifts() {
            checked(&asked, convert::resource_drift(drift));
        }
    }
    let asked = call("DescribeChangeSet");
    let answer = client.describe_change_set().change_set_name("x");
    if let Some(page) = told(&asked, answer.send().await) {
        checked(&asked, convert::change_set(&[page]));
    }
    let asked = call("DescribeEvents");
    let answer = client.describe_events().change_set_name("x").send().await;
    if let Some(page) = told(&asked, answer) {
        for event in page.operation_events() {
            let _ = convert::change::problem(event);
        }
    }
    let asked = call("GetTemplate");
    let answer = client.get_template().stack_name("x").send().await;
    if let Some(page) = told(&asked, answer)
        && let Err(error) = template_text(&asked, page.template_body())
    {
        well_told(&error);
    }
}

async fn of_identity(http: &SharedHttpClient, scope: &Scope) {
    let config = sts::Config::builder()
        .behavior_version(sts::config::BehaviorVersion::latest())
        .region(sts::config::Region::from_static("us-east-1"))
        .credentials_provider(credentials())
        .http_client(http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(sts::config::StalledStreamProtectionConfig::disabled());
    let client = sts::Client::from_conf(config.build());
    let asked = Call::question("GetCallerIdentity", scope);
    let _ = told(&asked, client.get_caller_identity().send().await);
    let asked = Call::question("AssumeRole", scope);
    let answer = client.assume_role().role_arn("r").role_session_name("s");
    let _ = told(&asked, answer.send().await);
}

fn credentials() -> aws_credential_types::Credentials {
    aws_credential_types::Credentials::new("AKID", "secret", None, None, "fuzz")
}

/// The answer, or the error that it is told as.
fn told<T, E>(call: &Call, answer: Result<T, SdkError<E, HttpResponse>>) -> Option<T>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    answer
        .inspect_err(|error| well_told(&explain(call, Some("arn:x"), &Trouble::of(error))))
        .ok()
}

fn checked<T>(call: &Call, converted: Result<T, Incomplete>) {
    if let Err(incomplete) = converted {
        well_told(&broken(call, &incomplete));
    }
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        answers,
        mutated::{foreign, soon, times},
    };
    use proptest::prelude::*;

    fn seeds() -> Vec<Vec<u8>> {
        let answer = |operation: &str, inside: &str| {
            format!(
                "<?xml version=\"1.0\"?>\n<{operation}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><{operation}Result>{inside}</{operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>"
            )
            .into_bytes()
        };
        let member = "<StackId>arn:aws:cloudformation:us-east-1:333333333333:stack/pagos-prod/1</StackId><StackName>pagos-prod</StackName>";
        let resource = "<LogicalResourceId>Tabla</LogicalResourceId><PhysicalResourceId>t-1</PhysicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType>";
        let time = "2026-11-20T10:00:00.000Z";
        vec![
            answer("DescribeStacks", &format!(
                "<Stacks><member>{member}<CreationTime>{time}</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Parameters><member><ParameterKey>Clave</ParameterKey><ParameterValue>****</ParameterValue></member></Parameters><Tags><member><Key>version</Key><Value>9.3.1 ñ</Value></member></Tags><DriftInformation><StackDriftStatus>DRIFTED</StackDriftStatus><LastCheckTimestamp>{time}</LastCheckTimestamp></DriftInformation></member></Stacks><NextToken>2</NextToken>"
            )),
            answer("ListStackResources", &format!(
                "<StackResourceSummaries><member>{resource}<ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>{time}</LastUpdatedTimestamp></member></StackResourceSummaries>"
            )),
            answer("DescribeStackEvents", &format!(
                "<StackEvents><member>{member}{resource}<EventId>e1</EventId><Timestamp>{time}</Timestamp><ResourceStatus>UPDATE_FAILED</ResourceStatus><ResourceStatusReason>no &lt;cabe&gt;</ResourceStatusReason></member></StackEvents>"
            )),
            answer("DescribeStackResourceDrifts", &format!(
                "<StackResourceDrifts><member>{member}{resource}<StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><ExpectedProperties>{{}}</ExpectedProperties><ActualProperties>{{\"a\":1}}</ActualProperties><PropertyDifferences><member><PropertyPath>/a</PropertyPath><ExpectedValue>0</ExpectedValue><ActualValue>1</ActualValue><DifferenceType>NOT_EQUAL</DifferenceType></member></PropertyDifferences><Timestamp>{time}</Timestamp></member></StackResourceDrifts>"
            )),
            answer("DescribeChangeSet", &format!(
                "{member}<ChangeSetId>arn:aws:cloudformation:us-east-1:333333333333:changeSet/a/1</ChangeSetId><ChangeSetName>a</ChangeSetName><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><CreationTime>{time}</CreationTime><Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action>{resource}<Replacement>Conditional</Replacement><Scope><member>Properties</member></Scope><Details><member><Target><Attribute>Properties</Attribute><Name>Runtime</Name><RequiresRecreation>Never</RequiresRecreation><Path>/Properties/Runtime</Path><BeforeValue>a</BeforeValue><AfterValue>b</AfterValue></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member></Changes>"
            )),
            answer("GetTemplate", "<TemplateBody>Resources: {}</TemplateBody>"),
            answer("GetCallerIdentity", "<Arn>arn:aws:sts::333333333333:assumed-role/R/ana</Arn><Account>333333333333</Account><UserId>A:ana</UserId>"),
            answer("AssumeRole", &format!(
                "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>{time}</Expiration></Credentials>"
            )),
            b"<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>".to_vec(),
            b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::333333333333:assumed-role/R/ana is not authorized to perform: cloudformation:DescribeStacks on resource: arn:x because no identity-based policy allows the action</Message></Error></ErrorResponse>".to_vec(),
            b"<!DOCTYPE html><html><head><title>Red de invitados</title></head></html>".to_vec(),
        ]
    }

    proptest! {
        #![proptest_config(times(150))]

        #[test]
        fn any_answer_is_data_or_told_as_what_it_is(bytes in foreign(seeds())) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            soon(|| runtime.block_on(answers(&bytes)));
        }
    }
}
