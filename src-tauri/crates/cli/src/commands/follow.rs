//! `interlock follow`: a promotion as it stands, or to its end.

use super::open;
use crate::{
    args::{Cli, Follow},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{
    Nothing, Tone,
    commands::Commands as _,
    error::{ErrorCode, ErrorEnvelope},
    promotion::{DecisionRequest, PromotionAction, PromotionRequest, PromotionView},
    run::{InputAnswerRequest, LogRequest, RunView},
};
use interlock_host::{Host, envelope};
use std::{cell::RefCell, time::Duration};

const POLL: Duration = Duration::from_millis(700);

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Follow) -> Done {
    let host = open(cli).await?;
    let Some(id) = &options.promotion else {
        let view = host.promotions_view(Nothing {}).await?;
        printer.result(&view, texts::promotions);
        return Ok(Ending::Good);
    };
    let view = host
        .promotion_view(PromotionRequest { id: id.clone() })
        .await?;
    if options.show {
        printer.result(&view, texts::promotion);
        return Ok(Ending::Good);
    }
    take_up(&host, &view, options.take_over.as_deref()).await?;
    if let Some(answer) = &options.answer {
        // The build may be a moment away from its question.
        for _ in 0..40 {
            let run = host.run_view(PromotionRequest { id: id.clone() }).await?;
            if let Some(input) = run.inputs.first() {
                let request = InputAnswerRequest {
                    id: id.clone(),
                    input: input.id.clone(),
                    proceed: answer == "proceed",
                };
                host.input_answer(request).await?;
                break;
            }
            tokio::time::sleep(POLL).await;
        }
    }
    to_the_end(printer, &host, id).await
}

/// Goes on with a run that nobody drives any more, or that is to be taken over. What another process
/// drives is looked on at.
async fn take_up(
    host: &Host,
    view: &PromotionView,
    reason: Option<&str>,
) -> Result<(), ErrorEnvelope> {
    let can = |action: PromotionAction| {
        let mut actions = view.actions.iter();
        actions.any(|it| it.action == action && it.enabled)
    };
    let driver = view.run.as_ref().and_then(|run| run.driver.as_ref());
    let Some(driver) = driver.filter(|_| can(PromotionAction::Resume)) else {
        return Ok(());
    };
    if reason.is_none() && !driver.silent {
        say(format_args!(
            "{} drives it by {}; looking on (--take-over REASON drives it from here)",
            driver.by, driver.runner
        ));
        return Ok(());
    }
    let request = DecisionRequest {
        id: view.summary.id.clone(),
        digest: view.digest.clone(),
        comment: reason.unwrap_or_default().to_owned(),
    };
    host.promotion_resume(request).await.map(drop)
}

/// Prints the log as it comes until the run is over or the person leaves.
pub async fn to_the_end(printer: Printer, host: &Host, id: &str) -> Done {
    let seen = RefCell::new(None);
    // One ear for the whole time: a signal that comes while nobody listens would be lost.
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => {
            let run: Option<RunView> = seen.take();
            if let Some(run) = &run {
                printer.line(run, texts::run);
            }
            left(run.map(|run| run.tone))
        }
        done = watch(printer, host, id, &seen) => done,
    }
}

async fn watch(printer: Printer, host: &Host, id: &str, seen: &RefCell<Option<RunView>>) -> Done {
    let mut from = 0;
    let mut waiting = None;
    loop {
        let log = host
            .run_log(LogRequest {
                id: id.to_owned(),
                from,
            })
            .await?;
        for line in &log.lines {
            printer.line(line, texts::log_line);
        }
        from = log.next;
        let run = host
            .run_view(PromotionRequest { id: id.to_owned() })
            .await?;
        if run.waiting_on != waiting {
            if let Some(what) = &run.waiting_on {
                say(format_args!("waiting for {}", texts::since(what)));
            }
            waiting.clone_from(&run.waiting_on);
        }
        if run.finished && log.lines.is_empty() {
            printer.line(&run, texts::run);
            return Ok(if run.tone == Tone::Ok {
                Ending::Good
            } else {
                Ending::Differs
            });
        }
        seen.replace(Some(run));
        tokio::time::sleep(POLL).await;
    }
}

/// The person leaves before the end, and the deployment goes on.
fn left(tone: Option<Tone>) -> Done {
    if tone == Some(Tone::Unknown) {
        return Err(ErrorEnvelope {
            hints: vec![
                "Do not start it again: `interlock follow` finds out what became of it.".into(),
            ],
            retryable: true,
            ..envelope(
                ErrorCode::OutcomeUnknown,
                "Left while it is not known whether the change was started.",
            )
        });
    }
    say("Left. The deployment goes on; `interlock follow` picks it up.");
    Ok(Ending::Left)
}
