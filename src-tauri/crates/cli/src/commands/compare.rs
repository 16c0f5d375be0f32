//! `interlock compare`: two sides of one service, or of all.

use super::open;
use crate::{
    args::{Cli, Compare},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    comparison::{ComparisonRequest, ComparisonSummaryRequest, DifferenceState, SideRef},
};

/// A side as typed: `prod`, or `v9.3.1@prod`.
pub fn side(text: &str) -> SideRef {
    match text.rsplit_once('@') {
        Some((revision, environment)) if !revision.is_empty() && !environment.is_empty() => {
            SideRef::Revision {
                revision: revision.to_owned(),
                environment: environment.to_owned(),
            }
        }
        _ => SideRef::Environment {
            name: text.to_owned(),
        },
    }
}

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Compare) -> Done {
    let host = open(cli).await?;
    let (left, right) = (side(&options.from), side(&options.to));
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
    fn a_side_with_an_at_sign_is_a_revision() {
        assert_eq!(
            side("prod"),
            SideRef::Environment {
                name: "prod".into()
            }
        );
        assert_eq!(
            side("v9.3.1@prod"),
            SideRef::Revision {
                revision: "v9.3.1".into(),
                environment: "prod".into()
            }
        );
    }
}
