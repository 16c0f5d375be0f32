//! The generated TypeScript: types of every object and the map from command to types.

use crate::{
    Nothing, Tone, audit, commands, commit, comparison, connections, diff, drift, error, estate,
    events, first, freezes, lifted, overview, promotion, run, variables,
};
use std::fmt::Write as _;
use ts_rs::{Config, TS};

const HEAD: &str =
    "// Generated from src-tauri/crates/contract. Do not edit: `make contract` writes it.\n\n";

/// Text of `ui/src/contract/index.ts`.
pub fn generate() -> String {
    let config = Config::default();
    let mut text = String::from(HEAD);
    macro_rules! declare {
        ($($kind:ty),* $(,)?) => {
            $( let _ = writeln!(text, "export {}\n", <$kind as TS>::decl(&config)); )*
        };
    }
    declare!(
        Tone,
        Nothing,
        error::ErrorCode,
        error::Location,
        error::ErrorEnvelope,
        estate::EstateView,
        estate::EnvironmentView,
        estate::FreezeView,
        estate::ServiceView,
        estate::PersonView,
        estate::IdentityView,
        estate::SystemIdentityView,
        overview::OverviewView,
        overview::SourceView,
        overview::ScopeView,
        overview::RowView,
        overview::CellView,
        overview::MarkerView,
        overview::MarkerKind,
        overview::PromoteView,
        overview::ReasonView,
        overview::StackView,
        overview::KeyValueView,
        overview::CellRequest,
        overview::CellDetailView,
        overview::FactView,
        overview::DriftView,
        overview::CommitView,
        overview::LinkView,
        comparison::OpenChangeSetsRequest,
        comparison::OpenChangeSetsView,
        comparison::OpenChangeSetView,
        commit::MergeRequestView,
        commit::CheckView,
        variables::VariablesRequest,
        variables::VariablesView,
        variables::VariableRowView,
        variables::VariableCellView,
        variables::VariableCellKind,
        variables::VariableTroubleName,
        comparison::SideRef,
        comparison::FileRef,
        comparison::ComparisonRequest,
        comparison::ComparisonSummaryRequest,
        comparison::ComparisonSummaryView,
        comparison::ServiceDifferenceView,
        comparison::StackDifferenceView,
        comparison::CountsView,
        comparison::DifferenceState,
        comparison::ComparisonView,
        comparison::SideView,
        comparison::StackComparisonView,
        comparison::EntryView,
        comparison::PropertyView,
        comparison::VariableView,
        comparison::VariableState,
        comparison::RawTextRequest,
        comparison::RawTextView,
        drift::DriftRequest,
        drift::DriftReportView,
        drift::StackDriftView,
        drift::DriftKnownView,
        commit::CommitPlacesRequest,
        commit::CommitPlacesView,
        commit::CommitPlaceView,
        commit::PresenceName,
        diff::DiffReport,
        diff::DiffVerdict,
        diff::DangerKind,
        diff::DangerRow,
        diff::DependentRow,
        diff::OutputFateName,
        diff::SecurityVerdict,
        diff::ActionName,
        diff::ReplacementName,
        diff::ImpactName,
        diff::ActsName,
        diff::ResourceRow,
        diff::PropertyRow,
        diff::DiffSections,
        diff::SectionRow,
        diff::RespelledRow,
        promotion::PromotionsView,
        promotion::InboxGroup,
        promotion::PromotionSummaryView,
        lifted::EmergencyView,
        promotion::PromotionRequest,
        promotion::PrepareRequest,
        promotion::DecisionRequest,
        lifted::WaiverRequest,
        lifted::EmergencyRequest,
        promotion::PromotionView,
        promotion::PromotedServiceView,
        promotion::ManifestElementView,
        promotion::ChangeSetView,
        promotion::ResourceChangeView,
        promotion::ResourceChangeDetailView,
        promotion::ChangeSetProblemView,
        promotion::DriftRowView,
        promotion::AgreementName,
        promotion::JudgementView,
        promotion::ReconciledRowView,
        promotion::VerdictView,
        lifted::WaiverView,
        lifted::OwnerView,
        lifted::WithdrawnView,
        promotion::ParticipantView,
        lifted::VoidedView,
        lifted::MovedView,
        promotion::PromotionAction,
        promotion::ActionView,
        freezes::FreezesRequest,
        freezes::FreezesView,
        freezes::FreezeAheadView,
        freezes::ForecastView,
        run::RunView,
        run::DriverView,
        run::ServiceRunView,
        run::StepView,
        run::ResourceRunView,
        run::BuildView,
        run::InputView,
        run::InputAnswerRequest,
        run::LogRequest,
        run::LogView,
        run::LogLineView,
        audit::AuditRequest,
        audit::AuditView,
        audit::AuditEntryView,
        audit::VerificationView,
        connections::ConnectionsView,
        connections::ConnectionView,
        connections::SwitchPersonRequest,
        connections::OpenLinkRequest,
        events::HostEvent,
        first::FirstLook,
    );
    text.push_str("export type Commands = {\n");
    for row in commands::rows() {
        let _ = writeln!(
            text,
            "  {}: {{ request: {}; response: {} }};",
            row.name, row.request, row.response
        );
    }
    text.push_str("};\n\nexport const commandNames = [\n");
    for row in commands::rows() {
        let _ = writeln!(text, "  \"{}\",", row.name);
    }
    text.push_str("] as const satisfies readonly (keyof Commands)[];\n\n");
    let _ = writeln!(text, "export const eventChannel = \"{}\";", events::CHANNEL);
    let _ = writeln!(
        text,
        "export const firstLookName = \"{}\";",
        first::FIRST_LOOK
    );
    text
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    fn file() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/contract/index.ts")
    }

    #[test]
    fn generated_file_is_fresh() {
        let fresh = super::generate();
        if std::env::var_os("INTERLOCK_WRITE_CONTRACT").is_some() {
            fs::create_dir_all(file().parent().unwrap()).unwrap();
            fs::write(file(), &fresh).unwrap();
        }
        let committed = fs::read_to_string(file()).unwrap_or_default();
        assert!(
            committed == fresh,
            "ui/src/contract/index.ts is stale: run `make contract`"
        );
    }
}
