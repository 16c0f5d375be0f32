//! The one command table.

use crate::error::ErrorEnvelope;

/// Whether a command changes anything outside of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads only.
    Reads,
    /// Changes the record, a system, or who acts.
    Changes,
}

/// Calls a macro with every row: `name: Request => Response, Effect`.
///
/// A host hands its own macro to this one and so must deal with every row.
#[macro_export]
macro_rules! with_commands {
    ($consumer:ident) => {
        $consumer! {
            estate_view: $crate::Nothing => $crate::estate::EstateView, Reads;
            identity_view: $crate::Nothing => $crate::estate::IdentityView, Reads;
            overview_view: $crate::Nothing => $crate::overview::OverviewView, Reads;
            overview_refresh: $crate::Nothing => $crate::overview::OverviewView, Reads;
            overview_cancel: $crate::Nothing => $crate::Nothing, Reads;
            cell_view: $crate::overview::CellRequest => $crate::overview::CellDetailView, Reads;
            comparison_summary: $crate::comparison::ComparisonSummaryRequest => $crate::comparison::ComparisonSummaryView, Reads;
            comparison_view: $crate::comparison::ComparisonRequest => $crate::comparison::ComparisonView, Reads;
            comparison_raw: $crate::comparison::RawTextRequest => $crate::comparison::RawTextView, Reads;
            variables_view: $crate::variables::VariablesRequest => $crate::variables::VariablesView, Reads;
            change_sets_open: $crate::comparison::OpenChangeSetsRequest => $crate::comparison::OpenChangeSetsView, Reads;
            commit_places: $crate::commit::CommitPlacesRequest => $crate::commit::CommitPlacesView, Reads;
            drift_view: $crate::drift::DriftRequest => $crate::drift::DriftReportView, Reads;
            drift_cancel: $crate::overview::CellRequest => $crate::Nothing, Reads;
            promotions_view: $crate::Nothing => $crate::promotion::PromotionsView, Reads;
            promotion_view: $crate::promotion::PromotionRequest => $crate::promotion::PromotionView, Reads;
            promotion_prepare: $crate::promotion::PrepareRequest => $crate::promotion::PromotionView, Changes;
            promotion_prepare_again: $crate::promotion::PromotionRequest => $crate::promotion::PromotionView, Changes;
            promotion_request: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_approve: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_reject: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_execute: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_resume: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_abort: $crate::promotion::PromotionRequest => $crate::promotion::PromotionView, Changes;
            promotion_abandon: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_withdraw: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            promotion_waive: $crate::lifted::WaiverRequest => $crate::promotion::PromotionView, Changes;
            promotion_break_glass: $crate::lifted::EmergencyRequest => $crate::promotion::PromotionView, Changes;
            promotion_review: $crate::promotion::DecisionRequest => $crate::promotion::PromotionView, Changes;
            freezes_view: $crate::freezes::FreezesRequest => $crate::freezes::FreezesView, Reads;
            run_view: $crate::promotion::PromotionRequest => $crate::run::RunView, Reads;
            run_log: $crate::run::LogRequest => $crate::run::LogView, Reads;
            input_answer: $crate::run::InputAnswerRequest => $crate::run::RunView, Changes;
            audit_view: $crate::audit::AuditRequest => $crate::audit::AuditView, Reads;
            connections_test: $crate::Nothing => $crate::connections::ConnectionsView, Reads;
            practice_switch_person: $crate::connections::SwitchPersonRequest => $crate::estate::IdentityView, Changes;
            open_link: $crate::connections::OpenLinkRequest => $crate::Nothing, Reads;
        }
    };
}

/// One row of the table, for tests and generators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Command name.
    pub name: &'static str,
    /// TypeScript name of the request.
    pub request: String,
    /// TypeScript name of the response.
    pub response: String,
    /// Whether it changes anything.
    pub effect: Effect,
}

/// Every row, in table order.
pub fn rows() -> Vec<Row> {
    use ts_rs::TS;
    let config = ts_rs::Config::default();
    macro_rules! collect {
        ($($name:ident: $request:ty => $response:ty, $effect:ident;)*) => {
            vec![$(Row {
                name: stringify!($name),
                request: <$request as TS>::name(&config),
                response: <$response as TS>::name(&config),
                effect: Effect::$effect,
            }),*]
        };
    }
    with_commands!(collect)
}

/// The trait that every host implements: one method a row.
macro_rules! declare_host {
    ($($name:ident: $request:ty => $response:ty, $effect:ident;)*) => {
        /// Answers every command of the table.
        pub trait Commands: Send + Sync {
            $(
                #[doc = concat!("Answers `", stringify!($name), "`.")]
                fn $name(
                    &self,
                    request: $request,
                ) -> impl Future<Output = Result<$response, ErrorEnvelope>> + Send;
            )*
        }
    };
}
with_commands!(declare_host);
