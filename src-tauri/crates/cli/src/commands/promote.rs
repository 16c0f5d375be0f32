//! `interlock promote`: prepares, asks, starts, stops.

use super::{follow, open};
use crate::{
    args::{Cli, Promote},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
    lifted::EmergencyRequest,
    promotion::{
        DecisionRequest, PrepareRequest, PromotionAction, PromotionRequest, PromotionView,
    },
};
use interlock_host::{Host, envelope};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Promote) -> Done {
    let host = open(cli).await?;
    let about = PromotionRequest {
        id: options.subject.clone(),
    };
    let decide = |view: &PromotionView| DecisionRequest {
        id: view.summary.id.clone(),
        digest: view.digest.clone(),
        comment: options.comment.clone(),
    };
    let view = if let Some(to) = &options.to {
        say(format_args!("Preparing {} for {to} ...", options.subject));
        let request = PrepareRequest {
            service: options.subject.clone(),
            to: to.clone(),
        };
        let view = host.promotion_prepare(request).await?;
        if options.request {
            host.promotion_request(decide(&view)).await?
        } else {
            view
        }
    } else if let Some(incident) = &options.break_glass {
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
            .map_err(|error| with_to(&host, options, error))?;
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
    printer.result(&view, texts::promotion);
    Ok(if view.gates.iter().any(|gate| gate.blocking) {
        Ending::Differs
    } else {
        Ending::Good
    })
}

/// A service in place of a promotion: its environment was forgotten.
fn with_to(host: &Host, options: &Promote, mut error: ErrorEnvelope) -> ErrorEnvelope {
    let services = &host.console().estate.services;
    if services.iter().any(|s| s.name.as_str() == options.subject) {
        error.hints = vec![format!(
            "To promote the service {}, name the environment with --to.",
            options.subject
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
