//! `interlock policy`: what a policy says, what it makes of cases, and what applies to a promotion.

use super::open;
use crate::{
    args::{Cli, Policy as Options, PolicyAction, PolicyExplain, PolicyTest},
    output::{Done, Ending, Printer, say},
    texts::policy::{Applied, Explained, Promotion, Shown, Tested, cases, explained, shown},
};
use interlock_app::{
    UseCaseError,
    policy::{DEFAULT, Policy},
};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{EnvironmentName, PromotionId, ServiceName};
use interlock_host::{Host, envelope, policy_file, read_estate, read_policy, test_policy};
use std::path::PathBuf;

/// File of cases where none is named.
const CASES: &str = "policy-cases.toml";

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Options) -> Done {
    match &options.action {
        PolicyAction::Show(options) if options.default => {
            let policy = Policy::built_in();
            printer.result(&Shown::of(&policy, DEFAULT), shown);
            Ok(Ending::Good)
        }
        PolicyAction::Show(_) => {
            let host = open(cli).await?;
            let console = host.console();
            let policy = &console.estate.policy;
            printer.result(&Shown::of(policy, &policy.bundle.policy), shown);
            say(format_args!("{}: {}", policy.file, policy.digest()));
            Ok(Ending::Good)
        }
        PolicyAction::Test(options) => test(printer, cli, options),
        PolicyAction::Explain(options) => explain(printer, cli, options).await,
    }
}

fn test(printer: Printer, cli: &Cli, options: &PolicyTest) -> Done {
    let (policy, beside) = if let Some(file) = &options.policy {
        (read_policy(file, None)?, Some(file.clone()))
    } else {
        let estate = read_estate(&cli.estate)?;
        let file = policy_file(&estate, &cli.estate);
        (estate.policy, file)
    };
    let file = options.cases.clone().unwrap_or_else(|| {
        let beside = beside.unwrap_or_else(|| cli.estate.clone());
        beside
            .parent()
            .map_or_else(|| PathBuf::from(CASES), |folder| folder.join(CASES))
    });
    let results = test_policy(&policy, &file)?;
    let failed = results
        .iter()
        .filter(|case| !case.differences.is_empty())
        .count();
    let told = Tested::of(&policy, &file, &results);
    printer.result(&told, cases);
    say(format_args!(
        "{} of {} cases are as expected.",
        results.len() - failed,
        results.len()
    ));
    Ok(if failed == 0 {
        Ending::Good
    } else {
        Ending::Differs
    })
}

async fn explain(printer: Printer, cli: &Cli, options: &PolicyExplain) -> Done {
    let host = open(cli).await?;
    let console = host.console();
    let service = named(ServiceName::new(options.service.clone()))?;
    let to = named(EnvironmentName::new(options.to.clone()))?;
    let estate = &console.estate;
    let not_found = |what, name: &str| {
        host.explain(UseCaseError::NotFound {
            what,
            name: name.to_owned(),
        })
    };
    let service = estate
        .service(&service)
        .ok_or_else(|| not_found("service", service.as_str()))?;
    if estate.environment(&to).is_none() {
        return Err(not_found("environment", to.as_str()));
    }
    let from = estate.promotes_from(&to).ok_or_else(|| {
        envelope(
            ErrorCode::PreconditionFailed,
            format!("{to} is the first environment: nothing is promoted into it."),
        )
    })?;
    let promotion = options.promotion.as_deref();
    let promotion = promotion
        .map(|id| named(PromotionId::new(id)))
        .transpose()?;
    let subject = console
        .subject(promotion.as_ref(), service, &from.environment.name, &to)
        .map_err(|error| host.explain(error))?;
    let judged = match &promotion {
        Some(id) => Some(judge(&host, id, &service.name, &to).await?),
        None => None,
    };
    let told = Explained {
        applied: Applied::of(&estate.policy, &subject, console.now()),
        promotion: judged,
    };
    printer.result(&told, explained);
    let is_stopped = told.promotion.as_ref().is_some_and(|p| p.blocks);
    Ok(if is_stopped {
        Ending::Differs
    } else {
        Ending::Good
    })
}

async fn judge(
    host: &Host,
    id: &PromotionId,
    service: &ServiceName,
    to: &EnvironmentName,
) -> Result<Promotion, ErrorEnvelope> {
    let console = host.console();
    let known = console.promotion(id).map_err(|error| host.explain(error))?;
    let brings = known.services.iter().any(|it| it == service.as_str());
    if !brings || known.to != to.as_str() {
        let services = known.services.join(", ");
        return Err(envelope(
            ErrorCode::InvalidRequest,
            format!("{id} brings {services} into {}.", known.to),
        ));
    }
    let judgement = console.judge_promotion(id).await;
    let mut judgement = judgement.map_err(|error| host.explain(error))?;
    judgement
        .verdicts
        .retain(|verdict| verdict.service == service.as_str());
    Ok(Promotion::of(id, &judgement, console.now()))
}

fn named<T>(read: Result<T, interlock_domain::ids::InvalidId>) -> Result<T, ErrorEnvelope> {
    read.map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))
}
