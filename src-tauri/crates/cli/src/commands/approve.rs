//! `interlock approve`: decides on exactly one manifest.

use super::open;
use crate::{
    args::{Approve, Cli},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    promotion::{DecisionRequest, PromotionRequest},
};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Approve) -> Done {
    let host = open(cli).await?;
    let view = host
        .promotion_view(PromotionRequest {
            id: options.promotion.clone(),
        })
        .await?;
    let digest = if let Some(digest) = &options.digest {
        digest.replace(' ', "")
    } else {
        say(format_args!(
            "Deciding on manifest {}",
            view.summary.digest_short
        ));
        view.digest.clone()
    };
    // A short digest is enough when it is the beginning of the one that stands there.
    let digest = if digest.len() >= 12 && view.digest.starts_with(&digest) {
        view.digest.clone()
    } else {
        digest
    };
    let request = DecisionRequest {
        id: options.promotion.clone(),
        digest,
        comment: options
            .reject
            .clone()
            .unwrap_or_else(|| options.comment.clone()),
    };
    let view = if options.reject.is_some() {
        host.promotion_reject(request).await?
    } else {
        host.promotion_approve(request).await?
    };
    printer.result(&view, texts::promotion);
    Ok(Ending::Good)
}
