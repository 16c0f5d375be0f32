//! `interlock log`: the ledger and whether it holds together.

use super::open;
use crate::{
    args::{Cli, Log},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{
    Tone,
    audit::{AuditRequest, AuditView},
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_domain::PromotionId;
use interlock_host::{Host, envelope};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Log) -> Done {
    let host = open(cli).await?;
    if let Some(id) = &options.promotion {
        let id = PromotionId::new(id.clone())
            .map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))?;
        let known = host.console().promotion(&id);
        known.map_err(|error| host.explain(error))?;
    }
    let view = entries(&host, options).await?;
    let ignored = match view.verification.ignored {
        0 => String::new(),
        1 => "; one of them counts for nothing".into(),
        many => format!("; {many} of them count for nothing"),
    };
    say(format_args!(
        "The ledger: {}{ignored}.",
        view.verification.summary
    ));
    printer.result(&view, texts::audit);
    Ok(if view.verification.tone == Tone::Ok {
        Ending::Good
    } else {
        Ending::Differs
    })
}

/// The newest entries that were asked for, page by page.
async fn entries(host: &Host, options: &Log) -> Result<AuditView, ErrorEnvelope> {
    let wanted = options.limit as usize;
    let mut before = None;
    let mut kept = Vec::new();
    loop {
        let request = AuditRequest {
            before,
            limit: 500,
            ignored_only: options.ignored,
        };
        let mut page = host.audit_view(request).await?;
        before = page.entries.last().map(|entry| entry.seq);
        let (more, ended) = (page.more, before.is_none());
        kept.extend(
            page.entries.drain(..).filter(|entry| {
                options.promotion.is_none() || entry.promotion == options.promotion
            }),
        );
        if kept.len() > wanted || !more || ended {
            page.more = kept.len() > wanted;
            kept.truncate(wanted);
            page.entries = kept;
            return Ok(page);
        }
    }
}
