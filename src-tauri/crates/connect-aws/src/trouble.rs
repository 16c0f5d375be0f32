//! What went wrong with one request, told without the SDK's generic types.

use crate::wire::WireFault;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// What went wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// AWS answered with an error of its own.
    Service {
        status: u16,
        code: String,
        message: String,
    },
    /// What came was no answer.
    Wire(WireFault),
    /// The request certainly did not leave.
    NotSent(String),
    /// The request may have arrived; no answer came.
    Lost(String),
    /// An answer came that cannot be understood.
    Garbled { status: u16, text: String },
}

impl Trouble {
    /// Reads the SDK's error.
    pub(crate) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ConstructionFailure(_) => Self::NotSent(root_cause(error)),
            SdkError::TimeoutError(_) => Self::Lost("no answer came in time".into()),
            SdkError::DispatchFailure(failure) => failure.as_connector_error().map_or_else(
                || Self::Lost(root_cause(error)),
                |connector| Self::of_dispatch(connector),
            ),
            SdkError::ResponseError(response) => Self::Garbled {
                status: response.raw().status().as_u16(),
                text: root_cause(error),
            },
            SdkError::ServiceError(service) => {
                let status = service.raw().status().as_u16();
                match service.err().code() {
                    Some(code) if !code.is_empty() => Self::Service {
                        status,
                        code: code.to_owned(),
                        message: service.err().message().unwrap_or_default().to_owned(),
                    },
                    _ => Self::Garbled {
                        status,
                        text: root_cause(service.err()),
                    },
                }
            }
            _ => Self::Lost(root_cause(error)),
        }
    }

    fn of_dispatch(error: &(dyn Error + 'static)) -> Self {
        if let Some(fault) = find::<WireFault>(error) {
            return Self::Wire(fault.clone());
        }
        let connect = find::<hyper_util::client::legacy::Error>(error)
            .is_some_and(hyper_util::client::legacy::Error::is_connect);
        if connect {
            Self::NotSent(root_cause(error))
        } else {
            Self::Lost(root_cause(error))
        }
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref::<T>())
}

/// The text of the innermost error, which names the cause; the outer ones name the layers.
pub(crate) fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

/// Every text of the chain, for looking for words.
pub(crate) fn whole_story(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
