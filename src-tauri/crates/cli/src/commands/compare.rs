//! `interlock compare`: two sides of one service, or of all.

use super::open;
use crate::{
    args::{Cli, Compare},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    comparison::{ComparisonRequest, ComparisonSummaryRequest, DifferenceState, FileRef, SideRef},
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_host::{envelope, is_moment, moment, named_file};
use std::path::Path;

/// A side as typed: `prod`, `v9.3.1@prod`, `prod@2026-11-20T18:00`, `changeset:ARN`,
/// `file:PATH@prod`.
pub fn side(text: &str) -> Result<SideRef, ErrorEnvelope> {
    if let Some(arn) = text.strip_prefix("changeset:") {
        return Ok(SideRef::ChangeSet {
            arn: arn.to_owned(),
        });
    }
    if let Some(rest) = text.strip_prefix("file:") {
        return files(rest);
    }
    Ok(match text.rsplit_once('@') {
        Some((environment, time)) if !environment.is_empty() && is_moment(time) => SideRef::Past {
            environment: environment.to_owned(),
            at: moment(time)?.to_string(),
        },
        Some((revision, environment)) if !revision.is_empty() && !environment.is_empty() => {
            SideRef::Revision {
                revision: revision.to_owned(),
                environment: environment.to_owned(),
            }
        }
        _ => SideRef::Environment {
            name: text.to_owned(),
        },
    })
}

/// `PATH@ENVIRONMENT`, and several paths with commas between them.
fn files(text: &str) -> Result<SideRef, ErrorEnvelope> {
    let malformed = || {
        envelope(
            ErrorCode::InvalidRequest,
            format!("file:{text} is not of the form file:PATH@ENVIRONMENT."),
        )
    };
    let (paths, environment) = text
        .rsplit_once('@')
        .filter(|(paths, environment)| !paths.is_empty() && !environment.is_empty())
        .ok_or_else(malformed)?;
    let read = |path: &str| {
        let (name, bytes) = named_file(Path::new(path))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            envelope(
                ErrorCode::DocumentUnreadable,
                format!("{name} is not UTF-8 text (byte {at})."),
            )
        })?;
        Ok(FileRef { name, text })
    };
    Ok(SideRef::Files {
        environment: environment.to_owned(),
        files: paths.split(',').map(read).collect::<Result<_, _>>()?,
    })
}

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Compare) -> Done {
    let host = open(cli).await?;
    let (left, right) = (side(&options.from)?, side(&options.to)?);
    let differs = if let Some(service) = &options.service {
        let request = ComparisonRequest {
            service: service.clone(),
            left,
            right,
        };
        let view = host.comparison_view(request).await?;
        printer.result(&view, |view| texts::comparison(view, options.all));
        view.stacks
            .iter()
            .any(|stack| stack.state != DifferenceState::Same)
    } else {
        let view = host
            .comparison_summary(ComparisonSummaryRequest { left, right })
            .await?;
        printer.result(&view, texts::comparison_summary);
        view.services
            .iter()
            .any(|service| service.state != DifferenceState::Same)
    };
    Ok(if differs {
        Ending::Differs
    } else {
        Ending::Good
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_at_sign_says_what_the_side_is() {
        let table = [
            (
                "prod",
                SideRef::Environment {
                    name: "prod".into(),
                },
            ),
            (
                "v9.3.1@prod",
                SideRef::Revision {
                    revision: "v9.3.1".into(),
                    environment: "prod".into(),
                },
            ),
            (
                "prod@2026-11-20T18:00:00Z",
                SideRef::Past {
                    environment: "prod".into(),
                    at: "2026-11-20T18:00:00Z".into(),
                },
            ),
            (
                "changeset:arn:aws:x",
                SideRef::ChangeSet {
                    arn: "arn:aws:x".into(),
                },
            ),
        ];
        for (text, expected) in table {
            assert_eq!(side(text).unwrap(), expected, "{text}");
        }
        let error = side("prod@2026-13-40").unwrap_err();
        assert!(error.message.contains("2026-13-40"), "{}", error.message);
    }
}
