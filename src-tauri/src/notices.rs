//! Notices of the desktop: what waits for the person while the window is not in front.
//!
//! A notice tells that there is something to decide and opens it; it decides nothing.

use crate::core::Core;
use interlock_contract::Nothing;
use interlock_contract::commands::Commands;
use interlock_contract::promotion::{InboxGroup, PromotionSummaryView, PromotionsView};
use interlock_contract::visible::visible_line;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Events come in bursts; one look answers for all of them.
const BURST: Duration = Duration::from_millis(300);

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// First line.
    pub title: String,
    /// What it is about.
    pub text: String,
    /// The promotion that opens with it.
    pub promotion: String,
}

type Open = Box<dyn FnOnce() + Send>;
type Tell = dyn Fn(Notice, Open) + Send + Sync;

/// Tells the person at the desktop.
#[derive(Clone)]
pub struct Notifier {
    tell: Arc<Tell>,
}

impl Notifier {
    /// Tells with a notice of the desktop; what is pressed there opens the promotion.
    pub fn desktop() -> Self {
        Self::with(|notice, open| {
            // The desktop answers when the notice is pressed or gone, which may be hours later.
            std::thread::spawn(move || {
                let told = notify_rust::Notification::new()
                    .appname("Interlock")
                    .summary(&notice.title)
                    .body(&plain(&notice.text))
                    .action("default", "Open")
                    .show();
                match told {
                    Ok(shown) => shown.wait_for_action(|action| {
                        if action == "default" {
                            open();
                        }
                    }),
                    Err(error) => tracing::info!("this desktop shows no notices: {error}"),
                }
            });
        })
    }

    /// Tells in the given way.
    pub fn with(tell: impl Fn(Notice, Open) + Send + Sync + 'static) -> Self {
        Self {
            tell: Arc::new(tell),
        }
    }
}

/// Desktops may read markup in the text of a notice.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// What was waiting for the person when last looked.
#[derive(Default)]
struct Inbox {
    known: Option<BTreeSet<(String, String)>>,
}

impl Inbox {
    /// What waits now and did not before; at the first look nothing is news.
    fn news(&mut self, view: &PromotionsView) -> Vec<Notice> {
        let waiting = view
            .promotions
            .iter()
            .filter(|one| one.group == InboxGroup::NeedsMe);
        let now: BTreeSet<_> = waiting
            .clone()
            .map(|one| (one.id.clone(), one.state.clone()))
            .collect();
        let Some(before) = self.known.replace(now) else {
            return Vec::new();
        };
        waiting
            .filter(|one| !before.contains(&(one.id.clone(), one.state.clone())))
            .map(notice)
            .collect()
    }
}

fn notice(one: &PromotionSummaryView) -> Notice {
    let brings = match (&one.version, one.services.len()) {
        (Some(version), _) => version.clone(),
        (None, 2..) => format!("{} services", one.services.len()),
        (None, _) => "of no known version".to_owned(),
    };
    Notice {
        title: visible_line(&format!("{} to {}: {}", one.title, one.to, one.state)).into_owned(),
        text: visible_line(&format!(
            "{} {brings}, asked for by {}",
            one.id, one.requested_by
        ))
        .into_owned(),
        promotion: one.id.clone(),
    }
}

/// Looks into the inbox whenever it is woken, and tells what is new while nobody looks at the window.
pub async fn watch<C: Commands + 'static>(
    core: Core<C>,
    woken: Arc<Notify>,
    notifier: Notifier,
    is_in_front: impl Fn() -> bool,
    show: impl Fn(String) + Clone + Send + 'static,
) {
    let mut inbox = Inbox::default();
    loop {
        woken.notified().await;
        tokio::time::sleep(BURST).await;
        let view = match core.ready().await {
            Ok(core) => core.promotions_view(Nothing {}).await,
            Err(error) => Err(error),
        };
        let Ok(view) = view else { continue };
        let news = inbox.news(&view);
        if is_in_front() {
            continue;
        }
        for notice in news {
            let (show, id) = (show.clone(), notice.promotion.clone());
            (notifier.tell)(notice, Box::new(move || show(id)));
        }
    }
}
