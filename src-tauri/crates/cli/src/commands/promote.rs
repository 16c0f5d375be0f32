//! `interlock promote`: prepares, asks, starts, stops.

use super::{follow, open, progress};
use crate::{
    args::{Cli, Promote},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_app::UseCaseError;
use interlock_contract::{
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
    lifted::EmergencyRequest,
    overview::PromoteView,
    promotion::{
        DecisionRequest, PrepareRequest, PromotionAction, PromotionRequest, PromotionView,
    },
};
use interlock_host::{Host, envelope};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Promote) -> Done {
    let host = open(cli).await?;
    if let Some(to) = &options.to {
        return prepare(printer, &host, options, to).await;
    }
    let [subject] = options.subjects.as_slice() else {
        return Err(envelope(
            ErrorCode::InvalidRequest,
            "Name one promotion; several services go with --to.",
        ));
    };
    let about = PromotionRequest {
        id: subject.clone(),
    };
    let decide = |view: &PromotionView| DecisionRequest {
        id: view.summary.id.clone(),
        digest: view.digest.clone(),
        comment: options.comment.clone(),
    };
    let view = if let Some(incident) = &options.break_glass {
        let view = host.promotion_view(about).await?;
        confirmed(&view, PromotionAction::BreakGlass, options.confirm.as_ref())?;
        let view = host
            .promotion_break_glass(EmergencyRequest {
                id: view.summary.id.clone(),
                digest: view.digest,
                reason: options.comment.clone(),
                incident: incident.clone(),
            })
            .await?;
        if options.execute {
            let view = host.promotion_execute(decide(&view)).await?;
            return follow::to_the_end(printer, &host, &view.summary.id).await;
        }
        view
    } else if options.execute {
        let view = host.promotion_view(about).await?;
        confirmed(&view, PromotionAction::Execute, options.confirm.as_ref())?;
        let view = host.promotion_execute(decide(&view)).await?;
        return follow::to_the_end(printer, &host, &view.summary.id).await;
    } else if options.request && !options.again {
        let view = host
            .promotion_view(about)
            .await
            .map_err(|error| with_to(&host, subject, error))?;
        host.promotion_request(decide(&view)).await?
    } else if options.again {
        let view = host.promotion_prepare_again(about).await?;
        if options.request {
            host.promotion_request(decide(&view)).await?
        } else {
            view
        }
    } else if options.abort {
        let view = host.promotion_view(about.clone()).await?;
        confirmed(&view, PromotionAction::Abort, options.confirm.as_ref())?;
        host.promotion_abort(about).await?
    } else {
        let view = host.promotion_view(about).await?;
        host.promotion_abandon(decide(&view)).await?
    };
    Ok(shown(printer, &view))
}

/// Prepares a promotion, and asks for it at once where that is wanted.
async fn prepare(printer: Printer, host: &Host, options: &Promote, to: &str) -> Done {
    let services = if options.all {
        all(host, to).await?
    } else {
        options.subjects.clone()
    };
    say(format_args!(
        "Preparing {} for {to} ...",
        services.join(", ")
    ));
    let request = PrepareRequest {
        services,
        to: to.to_owned(),
    };
    let mut view = host.promotion_prepare(request).await?;
    if options.request {
        let request = DecisionRequest {
            id: view.summary.id.clone(),
            digest: view.digest.clone(),
            comment: options.comment.clone(),
        };
        view = host.promotion_request(request).await?;
    }
    Ok(shown(printer, &view))
}

/// Every service that the environment before this one runs otherwise. What cannot go along is told;
/// the rest would be another combination than the one that runs there.
async fn all(host: &Host, to: &str) -> Result<Vec<String>, ErrorEnvelope> {
    let view = progress::refreshed(host).await?;
    let (mut services, mut refused) = (Vec::new(), Vec::new());
    for row in &view.rows {
        let cell = row.cells.iter().find(|cell| cell.environment == to);
        match cell.map(|cell| &cell.promote) {
            None => {
                return Err(host.explain(UseCaseError::NotFound {
                    what: "environment",
                    name: to.to_owned(),
                }));
            }
            Some(PromoteView::None) => {}
            Some(PromoteView::Allowed { .. }) => services.push(row.service.clone()),
            Some(PromoteView::Open { promotion, label }) => {
                refused.push(format!("{}: {promotion} is {label}", row.service));
            }
            Some(PromoteView::Refused { reasons, .. }) => {
                let reasons: Vec<&str> = reasons.iter().map(|it| it.text.as_str()).collect();
                refused.push(format!("{}: {}", row.service, reasons.join("; ")));
            }
        }
    }
    if !refused.is_empty() {
        let mut hints = refused;
        hints.push("Name the services that are to go without these.".into());
        return Err(ErrorEnvelope {
            hints,
            ..envelope(
                ErrorCode::PreconditionFailed,
                format!("Not everything that differs can be promoted to {to}."),
            )
        });
    }
    if services.is_empty() {
        return Err(envelope(
            ErrorCode::PreconditionFailed,
            format!("Nothing differs: there is nothing to promote to {to}."),
        ));
    }
    Ok(services)
}

fn shown(printer: Printer, view: &PromotionView) -> Ending {
    printer.result(view, texts::promotion);
    if view.gates.iter().any(|gate| gate.blocking) {
        Ending::Differs
    } else {
        Ending::Good
    }
}

/// A service in place of a promotion: its environment was forgotten.
fn with_to(host: &Host, subject: &str, mut error: ErrorEnvelope) -> ErrorEnvelope {
    let services = &host.console().estate.services;
    if services.iter().any(|s| s.name.as_str() == subject) {
        error.hints = vec![format!(
            "To promote the service {subject}, name the environment with --to."
        )];
    }
    error
}

/// A dangerous action wants the environment's name.
fn confirmed(
    view: &PromotionView,
    action: PromotionAction,
    given: Option<&String>,
) -> Result<(), ErrorEnvelope> {
    let wanted = view
        .actions
        .iter()
        .find(|a| a.action == action)
        .and_then(|a| a.confirm.as_ref());
    match wanted {
        Some(name) if given != Some(name) => Err(ErrorEnvelope {
            hints: vec![format!("Say --confirm {name}.")],
            ..envelope(
                ErrorCode::InvalidRequest,
                format!("This touches {name}: it has to be confirmed by name."),
            )
        }),
        _ => Ok(()),
    }
}
