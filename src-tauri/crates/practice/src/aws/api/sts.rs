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
    check_session_name(name)?;
    let seconds = duration(ask)?;
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

fn check_session_name(name: &str) -> AwsResult<()> {
    let is_right = (2..=64).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c));
    if is_right {
        return Ok(());
    }
    Err(AwsError::constraint(
        name,
        "roleSessionName",
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ))
}

fn duration(ask: &Ask<'_>) -> AwsResult<i64> {
    let Some(text) = ask.fields.get("DurationSeconds") else {
        return Ok(3600);
    };
    match text.parse::<i64>() {
        Ok(seconds) if seconds < 900 => Err(AwsError::constraint(
            text,
            "durationSeconds",
            "Member must have value greater than or equal to 900",
        )),
        Ok(seconds) if seconds > 43_200 => Err(AwsError::constraint(
            text,
            "durationSeconds",
            "Member must have value less than or equal to 43200",
        )),
        Ok(seconds) => Ok(seconds),
        Err(_) => Err(AwsError::validation("DurationSeconds must be a number.")),
    }
}
