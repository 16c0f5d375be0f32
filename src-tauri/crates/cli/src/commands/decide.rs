//! `interlock reject`, `withdraw`, `waive` and `review`: what is said about a promotion beside an
//! approval.

use super::{approve::meant, open};
use crate::{
    args::{Cli, Reject, Review, Waive, Withdraw},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_app::policy::Length;
use interlock_contract::{
    Nothing,
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
    lifted::WaiverRequest,
    promotion::{DecisionRequest, PromotionRequest, PromotionView},
};
use interlock_domain::Timestamp;
use interlock_host::{Host, envelope};

/// Rejects a promotion.
pub async fn reject(printer: Printer, cli: &Cli, options: &Reject) -> Done {
    let host = open(cli).await?;
    let view = seen(&host, &options.promotion).await?;
    let view = host
        .promotion_reject(DecisionRequest {
            id: options.promotion.clone(),
            digest: meant(&view, options.digest.as_ref(), true)?,
            comment: options.reason.clone(),
        })
        .await?;
    printer.result(&view, texts::promotion);
    Ok(Ending::Good)
}

/// Takes back what one has said.
pub async fn withdraw(printer: Printer, cli: &Cli, options: &Withdraw) -> Done {
    let host = open(cli).await?;
    let view = seen(&host, &options.promotion).await?;
    let view = host
        .promotion_withdraw(DecisionRequest {
            id: options.promotion.clone(),
            digest: view.digest,
            comment: options.reason.clone(),
        })
        .await?;
    printer.result(&view, texts::promotion);
    Ok(Ending::Good)
}

/// Answers for a gate; ends with 1 while another one still stops the promotion.
pub async fn waive(printer: Printer, cli: &Cli, options: &Waive) -> Done {
    let host = open(cli).await?;
    let view = seen(&host, &options.promotion).await?;
    let owner = match &options.owner {
        Some(owner) => owner.clone(),
        None => host
            .identity_view(Nothing {})
            .await?
            .person
            .ok_or_else(|| {
                let message = "Nobody knows who you are: say with --owner who answers for it.";
                envelope(ErrorCode::InvalidRequest, message)
            })?,
    };
    let request = WaiverRequest {
        id: options.promotion.clone(),
        digest: meant(&view, options.digest.as_ref(), true)?,
        gate: options.gate.clone(),
        service: options.service.clone(),
        owner,
        reason: options.reason.clone(),
        expires: until(&options.until, host.console().now())?.to_string(),
    };
    let view = host.promotion_waive(request).await?;
    printer.result(&view, texts::promotion);
    Ok(if view.gates.iter().any(|gate| gate.blocking) {
        Ending::Differs
    } else {
        Ending::Good
    })
}

/// Says what was found about a broken glass.
pub async fn review(printer: Printer, cli: &Cli, options: &Review) -> Done {
    let host = open(cli).await?;
    let view = seen(&host, &options.promotion).await?;
    let view = host
        .promotion_review(DecisionRequest {
            id: options.promotion.clone(),
            digest: view.digest,
            comment: options.comment.clone(),
        })
        .await?;
    printer.result(&view, texts::promotion);
    Ok(Ending::Good)
}

async fn seen(host: &Host, promotion: &str) -> Result<PromotionView, ErrorEnvelope> {
    let id = promotion.to_owned();
    host.promotion_view(PromotionRequest { id }).await
}

/// A time, or a length from now.
fn until(text: &str, now: Timestamp) -> Result<Timestamp, ErrorEnvelope> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let length = Length::read(text).and_then(|length| i64::try_from(length.0).ok());
    length
        .and_then(|seconds| {
            now.checked_add(jiff::SignedDuration::from_secs(seconds))
                .ok()
        })
        .ok_or_else(|| ErrorEnvelope {
            hints: vec![
                "Write a time like 2026-12-01T18:00:00Z, or a length like 24h or 3d.".into(),
            ],
            ..envelope(
                ErrorCode::InvalidRequest,
                format!("`{text}` is neither a time nor a length of time."),
            )
        })
}
