//! A first estate file, from what the credentials at hand can tell.

use interlock_app::ports::{Clock, IdentityReader as _, StackReader as _};
use interlock_connect_aws::{AccessKey, AwsConnector, AwsEnvironment, AwsOptions};
use interlock_domain::{
    AccountId, Environment, EnvironmentName, Region, Scope, Secret, Tier, Timestamp,
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    sync::Arc,
};

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Text of a first estate file. What cannot be found out stands there as a comment with its
/// reason.
#[expect(clippy::implicit_hasher, reason = "the shell's own map")]
pub async fn discover(name: &str, variables: &HashMap<String, String>) -> String {
    let read = |key: &str| {
        variables
            .get(key)
            .filter(|value| !value.is_empty())
            .cloned()
    };
    let region = read("AWS_REGION")
        .or_else(|| read("AWS_DEFAULT_REGION"))
        .unwrap_or_else(|| "us-east-1".into());
    let mut text = format!(
        "# What the console must know about your estate. No secret belongs here.\n\
         # Editors complete this file with docs/interlock.schema.json.\nname = {}\n\n",
        quoted(name)
    );
    let found = match account(variables, &region).await {
        Ok(found) => found,
        Err(reason) => {
            let _ = writeln!(
                text,
                "# AWS could not be asked: {}",
                reason.replace('\n', " ")
            );
            (None, Vec::new())
        }
    };
    let account = found.0.unwrap_or_else(|| "000000000000".into());
    let _ = write!(
        text,
        "[[environments]]\nname = \"dev\"\ntier = \"development\"        # development, test or production\n\
         account = {}\nregions = [{}]\n# profile = \"dev\"\n# role = \"arn:aws:iam::{account}:role/Reader\"\n\n\
         # One table for each further environment, in the order in which releases travel.\n\n",
        quoted(&account),
        quoted(&region)
    );
    for service in services(&found.1) {
        let _ = write!(
            text,
            "[[services]]\nname = {}\nstacks = [{}]\n\n",
            quoted(&service),
            quoted(&format!("{service}-{{env}}"))
        );
    }
    if found.1.is_empty() {
        text.push_str(
            "# [[services]]\n# name = \"payments-api\"\n# stacks = [\"payments-api-{env}\"]\n\n",
        );
    }
    text.push_str(
        "# [jenkins]\n# url = \"https://jenkins.example\"\n# [sonarqube]\n# url = \"https://sonarqube.example\"\n\
         # [gitlab]\n# url = \"https://gitlab.example\"\n",
    );
    text
}

/// Account and stack names that the credentials open.
async fn account(
    variables: &HashMap<String, String>,
    region: &str,
) -> Result<(Option<String>, Vec<String>), String> {
    let read = |key: &str| {
        variables
            .get(key)
            .filter(|value| !value.is_empty())
            .cloned()
    };
    // The connector insists on the account that a file names: first ask with a placeholder.
    let told = connector(variables, region, "000000000000")?
        .identities()
        .await
        .remove(0);
    let account = match told {
        Ok(identity) => identity.account,
        Err(error) => first_account(&error.message).ok_or(error.message)?.into(),
    };
    let Some(account) = account else {
        return Ok((None, Vec::new()));
    };
    let scope = Scope {
        environment: EnvironmentName::new("dev").map_err(|e| e.to_string())?,
        account: AccountId::new(account.clone()).map_err(|e| e.to_string())?,
        region: Region::new(read("AWS_REGION").unwrap_or_else(|| region.to_owned()))
            .map_err(|e| e.to_string())?,
    };
    let stacks = connector(variables, region, &account)?
        .stacks(&scope)
        .await
        .map_err(|error| error.message)?;
    Ok((
        Some(account),
        stacks
            .into_iter()
            .filter(|s| s.parent.is_none())
            .map(|s| s.name.to_string())
            .collect(),
    ))
}

fn connector(
    variables: &HashMap<String, String>,
    region: &str,
    account: &str,
) -> Result<AwsConnector, String> {
    let read = |key: &str| {
        variables
            .get(key)
            .filter(|value| !value.is_empty())
            .cloned()
    };
    let environment = Environment {
        name: EnvironmentName::new("dev").map_err(|e| e.to_string())?,
        tier: Tier::Development,
        account: AccountId::new(account).map_err(|e| e.to_string())?,
        regions: vec![Region::new(region).map_err(|e| e.to_string())?],
    };
    let way = AwsEnvironment {
        profile: read("AWS_PROFILE"),
        endpoint: read("AWS_ENDPOINT_URL"),
        ..AwsEnvironment::new(environment)
    };
    let options = AwsOptions::new(vec![way], Arc::new(WallClock));
    Ok(AwsConnector::new(
        match (read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => options.with_access_key(AccessKey {
                id,
                secret: Secret::new(secret),
                session_token: read("AWS_SESSION_TOKEN").map(Secret::new),
            }),
            _ => options,
        },
    ))
}

/// The first twelve digits of a message that are not the placeholder.
fn first_account(message: &str) -> Option<String> {
    message
        .split(|c: char| !c.is_ascii_digit())
        .find(|run| run.len() == 12 && *run != "000000000000")
        .map(str::to_owned)
}

/// Names of services whose stacks end in an environment's name.
fn services(stacks: &[String]) -> BTreeSet<String> {
    stacks
        .iter()
        .filter_map(|stack| {
            let (service, last) = stack.rsplit_once('-')?;
            matches!(last, "dev" | "qa" | "test" | "stage" | "prod").then(|| service.to_owned())
        })
        .collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_first_file_is_written_and_can_be_read_even_when_aws_cannot_be_asked() {
        let variables = HashMap::from([
            (
                "AWS_ENDPOINT_URL".to_owned(),
                "http://127.0.0.1:9".to_owned(),
            ),
            ("AWS_ACCESS_KEY_ID".to_owned(), "AKIAEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), "secret".to_owned()),
        ]);
        let text = discover("My \"bank\"", &variables).await;
        let estate = interlock_app::estate::parse(&text, "interlock.toml").unwrap();
        assert_eq!(estate.name, "My \"bank\"");
        assert!(text.contains("# AWS could not be asked"), "{text}");
        assert!(!text.contains("secret\""));
    }

    #[test]
    fn services_are_told_from_stack_names() {
        let stacks = ["cards-dev", "cards-qa", "plain", "limits-api-prod"].map(str::to_owned);
        assert_eq!(
            services(&stacks).into_iter().collect::<Vec<_>>(),
            ["cards", "limits-api"]
        );
    }
}
