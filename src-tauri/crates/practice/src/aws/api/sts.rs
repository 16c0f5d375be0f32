//! GetCallerIdentity and AssumeRole.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::iam::{Principal, Role, Session, role_id};
use super::super::resource_types::random;
use super::super::xml::Xml;
use super::Ask;
use crate::clock::PracticeClock;
use jiff::SignedDuration;

/// Tells who asks.
#[expect(
    clippy::unnecessary_wraps,
    reason = "all operations have one signature"
)]
pub fn get_caller_identity(ask: &Ask<'_>, _: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    xml.text("Arn", ask.principal.arn())
        .text("UserId", ask.principal.unique_id())
        .text("Account", ask.principal.account());
    Ok(())
}

/// Gives the credentials of a role to somebody whom it trusts.
pub fn assume_role(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let arn = ask.fields.require("RoleArn")?;
    let name = ask.fields.require("RoleSessionName")?;
    let seconds = duration(ask);
    refuse_more_than_assuming(ask, arn)?;
    let denied = || {
        AwsError::forbidden(
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}",
                ask.principal.arn()
            ),
        )
    };
    // A role in a session may not assume another one: nothing here trusts sessions.
    let Principal::User(holder) = &ask.principal else {
        return Err(denied());
    };
    let (account, role_name) = arn
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(":role/"))
        .ok_or_else(|| AwsError::validation(format!("{arn} is invalid")))?;
    let role = Role::find(account, role_name)
        .filter(|role| role.trusts(holder.duty))
        .ok_or_else(denied)?;
    let seed = uuid::Uuid::new_v4().to_string();
    let upper = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mixed = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // The client compares with its own clock, which knows nothing of the practice clock.
    let now = PracticeClock::real_now();
    let expiration = now + SignedDuration::from_secs(seconds);
    let session = Session {
        access_key_id: format!("ASIA{}", random(&seed, "key", upper, 16)),
        secret_access_key: random(&seed, "secret", mixed, 40),
        token: format!("IQoJb3JpZ2luX2Vj{}", random(&seed, "token", mixed, 340)),
        account: account.to_owned(),
        role,
        name: name.to_owned(),
        user: holder.user.clone(),
        policy: ask.fields.get("Policy").map(str::to_owned),
        expires_at: expiration,
    };
    xml.inside("AssumedRoleUser", |xml| {
        xml.text(
            "AssumedRoleId",
            format!("{}:{name}", role_id(account, role)),
        )
        .text("Arn", Principal::Session(session.clone()).arn());
    })
    .inside("Credentials", |xml| {
        xml.text("AccessKeyId", &session.access_key_id)
            .text("SecretAccessKey", &session.secret_access_key)
            .text("SessionToken", &session.token)
            .time("Expiration", expiration);
    });
    let forgotten = now - SignedDuration::from_hours(24);
    estate.sessions.retain(|old| old.expires_at > forgotten);
    estate.sessions.push(session);
    Ok(())
}

/// Returns how long the session is to last; the request's members were checked before.
fn duration(ask: &Ask<'_>) -> i64 {
    ask.fields
        .get("DurationSeconds")
        .and_then(|text| text.parse().ok())
        .unwrap_or(3600)
}

/// Refuses what needs more than `sts:AssumeRole`, which is all that the roles trust anybody with.
fn refuse_more_than_assuming(ask: &Ask<'_>, arn: &str) -> AwsResult<()> {
    if let Some(policy) = ask.fields.get("Policy") {
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(policy)
            .map_err(|_| AwsError::new("MalformedPolicyDocument", "Syntax errors in policy."))?;
    }
    let denied = |action: &str| {
        AwsError::forbidden(
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: {action} on resource: {arn}",
                ask.principal.arn()
            ),
        )
    };
    if ask
        .fields
        .structures("Tags")
        .is_some_and(|tags| !tags.is_empty())
    {
        return Err(denied("sts:TagSession"));
    }
    if ask.fields.get("SourceIdentity").is_some() {
        return Err(denied("sts:SetSourceIdentity"));
    }
    if ask.fields.get("TokenCode").is_some() {
        return Err(AwsError::forbidden(
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        ));
    }
    Ok(())
}
