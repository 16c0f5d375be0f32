//! `interlock approve`: decides on exactly one manifest.

use super::open;
use crate::{
    args::{Approve, Cli},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
    promotion::{DecisionRequest, PromotionRequest, PromotionView},
};
use interlock_host::envelope;

/// So much of a digest must be given; as much as every screen shows.
const SHORT: usize = 12;

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Approve) -> Done {
    let host = open(cli).await?;
    let view = host
        .promotion_view(PromotionRequest {
            id: options.promotion.clone(),
        })
        .await?;
    let digest = meant(&view, options.digest.as_ref(), options.reject.is_some())?;
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

/// The manifest that was read. Between reading and approving it may have become another one, so
/// an approval names it; other decisions may be of whatever stands there.
pub(super) fn meant(
    view: &PromotionView,
    digest: Option<&String>,
    takes_any: bool,
) -> Result<String, ErrorEnvelope> {
    let (id, now) = (&view.summary.id, &view.digest);
    let Some(digest) = digest else {
        return if takes_any {
            Ok(now.clone())
        } else {
            Err(ErrorEnvelope {
                hints: vec![format!(
                    "`interlock follow {id} --show` shows it, and the words to approve it."
                )],
                ..envelope(
                    ErrorCode::InvalidRequest,
                    "An approval is of one manifest: say with --digest which one you have read.",
                )
            })
        };
    };
    let digest = digest.replace(' ', "").to_lowercase();
    if digest.len() < SHORT || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(ErrorEnvelope {
            hints: vec![format!("Give the first {SHORT} digits at least.")],
            ..envelope(
                ErrorCode::InvalidRequest,
                format!("`{digest}` is no digest of a manifest."),
            )
        });
    }
    if now.starts_with(&digest) {
        return Ok(now.clone());
    }
    Err(ErrorEnvelope {
        hints: vec![format!(
            "Read what it is now with `interlock follow {id} --show`."
        )],
        ..envelope(
            ErrorCode::ManifestMoved,
            format!(
                "{id} has manifest {} now, and not the one that you have read.",
                view.summary.digest_short
            ),
        )
    })
}
