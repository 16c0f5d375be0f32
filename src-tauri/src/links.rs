//! Links out of the window, and links into it.
//!
//! Out: an address goes to the user's browser only if it is plain http or https, and only after
//! the core has agreed that the estate names its host. In: `interlock://promotion/ID` shows a
//! page and can do nothing else.

use crate::commands::correlation;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use std::io;
use std::sync::Arc;
use url::Url;

type OpenAddress = dyn Fn(&str) -> io::Result<()> + Send + Sync;

/// Opens addresses in the user's browser.
#[derive(Clone)]
pub struct Browser {
    open: Arc<OpenAddress>,
}

impl Browser {
    /// Uses the desktop's own choice of browser.
    pub fn system() -> Self {
        Self::with(|url| open::that_detached(url))
    }

    /// Uses the given way of opening an address.
    pub fn with(open: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self {
            open: Arc::new(open),
        }
    }

    /// Opens one address.
    pub fn open(&self, address: &str) -> Result<(), ErrorEnvelope> {
        let url = Url::parse(address).ok().filter(is_web_page).ok_or_else(|| {
            refusal(
                ErrorCode::InvalidRequest,
                "Only web pages (http or https, without a password in the address) can be opened.",
            )
        })?;
        (self.open)(url.as_str()).map_err(|error| {
            tracing::warn!("no browser: {error}");
            refusal(ErrorCode::Internal, "No browser could be started.")
        })
    }
}

fn is_web_page(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
}

fn refusal(code: ErrorCode, message: &str) -> ErrorEnvelope {
    ErrorEnvelope {
        code,
        message: message.into(),
        hints: vec!["Copy the address and open it yourself if you trust it.".into()],
        retryable: false,
        location: None,
        correlation: correlation(),
    }
}

/// Reads the promotion id out of a deep link; anything else is no deep link.
pub fn promotion_of(link: &str) -> Option<String> {
    let id = link.strip_prefix("interlock://promotion/")?;
    let id = id.strip_suffix('/').unwrap_or(id);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!id.is_empty() && id.len() <= 128 && id.chars().all(plain)).then(|| id.to_owned())
}

/// The part of the address, after `#`, at which the user interface shows one promotion.
pub fn promotion_fragment(id: &str) -> String {
    format!("/promotions/{id}")
}
