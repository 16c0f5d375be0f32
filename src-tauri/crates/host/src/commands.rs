//! The command table, answered.

use crate::{
    errors::{envelope, use_case},
    host::Host,
    view,
};
use interlock_app::promotion::WaiverOrder;
use interlock_contract::{
    Nothing,
    audit::{AuditRequest, AuditView},
    commands::Commands,
    commit::{CommitPlacesRequest, CommitPlacesView},
    comparison::{
        ComparisonRequest, ComparisonSummaryRequest, ComparisonSummaryView, ComparisonView,
        OpenChangeSetsRequest, OpenChangeSetsView, RawTextRequest, RawTextView,
    },
    connections::{ConnectionsView, OpenLinkRequest, SwitchPersonRequest},
    drift::{DriftReportView, DriftRequest},
    error::{ErrorCode, ErrorEnvelope},
    estate::{EstateView, IdentityView},
    freezes::{FreezesRequest, FreezesView},
    lifted::{EmergencyRequest, WaiverRequest},
    overview::{CellDetailView, CellRequest, OverviewView},
    promotion::{
        DecisionRequest, InboxGroup, PrepareRequest, PromotionRequest, PromotionView,
        PromotionsView,
    },
    run::{InputAnswerRequest, LogRequest, LogView, RunView},
    variables::{VariablesRequest, VariablesView},
};
use interlock_domain::{Digest, EnvironmentName, PersonId, PromotionId, ServiceName};

type Answer<T> = Result<T, ErrorEnvelope>;

/// Freezes that a calendar shows.
const FREEZES: usize = 8;
/// Lines of a log given at once.
const LINES: usize = 2_000;

fn id<T>(made: Result<T, interlock_domain::ids::InvalidId>) -> Answer<T> {
    made.map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))
}

fn digest(text: &str) -> Answer<Digest> {
    Digest::try_from(text.to_owned())
        .map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))
}

impl Commands for Host {
    async fn estate_view(&self, _: Nothing) -> Answer<EstateView> {
        let console = self.console_now().await;
        Ok(view::estate::estate(&console.estate, console.clock.now()))
    }

    async fn identity_view(&self, _: Nothing) -> Answer<IdentityView> {
        Ok(view::estate::identity(
            &self.console().identity(false).await,
        ))
    }

    async fn overview_view(&self, _: Nothing) -> Answer<OverviewView> {
        let view = self.last_known()?;
        self.tell_overview_shown();
        Ok(view)
    }

    async fn overview_refresh(&self, _: Nothing) -> Answer<OverviewView> {
        let console = self.console_now().await;
        let (result, _) = tokio::join!(console.refresh(), console.identity(false));
        result.map_err(use_case)?;
        // Beside, so that nobody waits: what runs today is what a later comparison asks for.
        let keeper = console.clone();
        tokio::spawn(async move {
            let unread = keeper.keep_templates().await;
            if unread > 0 {
                tracing::warn!(unread, "templates could not be read to be kept");
            }
        });
        self.overview_now(&console).await
    }

    async fn overview_cancel(&self, _: Nothing) -> Answer<Nothing> {
        self.console().cancel_refresh();
        Ok(Nothing {})
    }

    async fn cell_view(&self, request: CellRequest) -> Answer<CellDetailView> {
        let (service, environment) = (
            id(ServiceName::new(request.service))?,
            id(EnvironmentName::new(request.environment))?,
        );
        let console = self.console_now().await;
        let me = self.me(&console).await;
        view::cell::cell(&console, &service, &environment, me.as_ref())
            .await
            .map_err(|error| self.explain(error))
    }

    async fn comparison_summary(
        &self,
        request: ComparisonSummaryRequest,
    ) -> Answer<ComparisonSummaryView> {
        view::comparison::summary(&self.console(), &request.left, &request.right)
            .await
            .map_err(|error| self.explain(error))
    }

    async fn comparison_view(&self, request: ComparisonRequest) -> Answer<ComparisonView> {
        let service = id(ServiceName::new(request.service))?;
        view::comparison::comparison(&self.console(), &service, &request.left, &request.right)
            .await
            .map_err(|error| self.explain(error))
    }

    async fn comparison_raw(&self, request: RawTextRequest) -> Answer<RawTextView> {
        let service = id(ServiceName::new(request.service))?;
        view::comparison::raw(
            &self.console(),
            &service,
            &request.stack,
            &request.left,
            &request.right,
        )
        .await
        .map_err(|error| self.explain(error))
    }

    async fn variables_view(&self, request: VariablesRequest) -> Answer<VariablesView> {
        let service = id(ServiceName::new(request.service))?;
        view::variables::table(&self.console(), &service)
            .await
            .map_err(|error| self.explain(error))
    }

    async fn change_sets_open(&self, request: OpenChangeSetsRequest) -> Answer<OpenChangeSetsView> {
        let service = id(ServiceName::new(request.service))?;
        let environment = id(EnvironmentName::new(request.environment))?;
        view::comparison::open_change_sets(&self.console(), &service, &environment)
            .await
            .map_err(|error| self.explain(error))
    }

    async fn commit_places(&self, request: CommitPlacesRequest) -> Answer<CommitPlacesView> {
        let service = request.service.map(ServiceName::new).transpose();
        let service = id(service)?;
        view::commit::places(&self.console(), &request.revision, service.as_ref())
            .await
            .map_err(|error| self.explain(error))
    }

    async fn drift_view(&self, request: DriftRequest) -> Answer<DriftReportView> {
        let service = id(ServiceName::new(request.service))?;
        let environment = id(EnvironmentName::new(request.environment))?;
        let console = self.console_now().await;
        view::drift::report(&console, &service, &environment, request.detect)
            .await
            .map_err(|error| self.explain(error))
    }

    async fn drift_cancel(&self, request: CellRequest) -> Answer<Nothing> {
        let service = id(ServiceName::new(request.service))?;
        let environment = id(EnvironmentName::new(request.environment))?;
        self.console().cancel_drift(&service, &environment);
        Ok(Nothing {})
    }

    async fn promotions_view(&self, _: Nothing) -> Answer<PromotionsView> {
        let console = self.console_now().await;
        let record = console.record().map_err(|error| self.explain(error))?;
        let me = self.me(&console).await;
        let mut promotions: Vec<_> = record
            .promotions
            .values()
            .map(|p| view::promotion::summary(&console, p, me.as_ref()))
            .collect();
        promotions.sort_by(|a, b| b.updated_at.cmp(&a.updated_at));
        let needs_me = promotions
            .iter()
            .filter(|p| p.group == InboxGroup::NeedsMe)
            .count();
        Ok(PromotionsView {
            promotions,
            needs_me: u32::try_from(needs_me).unwrap_or(u32::MAX),
        })
    }

    async fn promotion_view(&self, request: PromotionRequest) -> Answer<PromotionView> {
        self.promotion_drawer(&id(PromotionId::new(request.id))?)
            .await
    }

    async fn promotion_prepare(&self, request: PrepareRequest) -> Answer<PromotionView> {
        let services = request.services.into_iter().map(ServiceName::new);
        let services: Vec<ServiceName> = id(services.collect::<Result<_, _>>())?;
        let to = id(EnvironmentName::new(request.to))?;
        let console = self.console_now().await;
        let promotion = Self::new_promotion_id();
        console
            .prepare(promotion.clone(), &services, &to)
            .await
            .map_err(|error| self.explain(error))?;
        self.promotion_drawer(&promotion).await
    }

    async fn promotion_prepare_again(&self, request: PromotionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self.console_now().await.prepare_again(&promotion).await;
        self.after(&promotion, result).await
    }

    async fn promotion_request(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .request(&promotion, digest(&request.digest)?, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_approve(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .approve(&promotion, digest(&request.digest)?, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_reject(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .reject(&promotion, digest(&request.digest)?, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_execute(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .execute(&promotion, digest(&request.digest)?)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_resume(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .resume(&promotion, &request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_abort(&self, request: PromotionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self.console_now().await.abort(&promotion).await;
        self.after(&promotion, result).await
    }

    async fn promotion_abandon(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .abandon(&promotion, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_withdraw(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .withdraw(&promotion, digest(&request.digest)?, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_waive(&self, request: WaiverRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let expires = request.expires.parse().map_err(|error| {
            let message = format!("`{}` is no time to expire: {error}.", request.expires);
            envelope(ErrorCode::InvalidRequest, message)
        })?;
        let order = WaiverOrder {
            gate: request.gate,
            service: request.service,
            owner: id(PersonId::new(request.owner))?,
            reason: request.reason,
            expires,
        };
        let result = self
            .console_now()
            .await
            .waive(&promotion, digest(&request.digest)?, order)
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_break_glass(&self, request: EmergencyRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .break_glass(
                &promotion,
                digest(&request.digest)?,
                request.reason,
                request.incident,
            )
            .await;
        self.after(&promotion, result).await
    }

    async fn promotion_review(&self, request: DecisionRequest) -> Answer<PromotionView> {
        let promotion = id(PromotionId::new(request.id))?;
        let result = self
            .console_now()
            .await
            .review(&promotion, request.comment)
            .await;
        self.after(&promotion, result).await
    }

    async fn freezes_view(&self, request: FreezesRequest) -> Answer<FreezesView> {
        let environment = id(EnvironmentName::new(request.environment))?;
        let service = id(request.service.map(ServiceName::new).transpose())?;
        let console = self.console_now().await;
        let calendar = console
            .calendar(&environment, service.as_ref(), FREEZES)
            .map_err(|error| self.explain(error))?;
        Ok(view::freezes::freezes(&calendar))
    }

    async fn run_view(&self, request: PromotionRequest) -> Answer<RunView> {
        let promotion = id(PromotionId::new(request.id))?;
        let console = self.console();
        let known = console
            .promotion(&promotion)
            .map_err(|error| self.explain(error))?;
        console.recall_run(&known).await;
        view::run::run(&console, &known).ok_or_else(|| {
            envelope(
                ErrorCode::PreconditionFailed,
                format!("{promotion} has not been started."),
            )
        })
    }

    async fn run_log(&self, request: LogRequest) -> Answer<LogView> {
        let promotion = id(PromotionId::new(request.id))?;
        let console = self.console();
        let known = console
            .promotion(&promotion)
            .map_err(|error| self.explain(error))?;
        console.recall_run(&known).await;
        let wanted = usize::try_from(request.from).unwrap_or(usize::MAX);
        let (from, lines, dropped, ended) = match console.live(&promotion) {
            Some(live) => live.read(|state| {
                let (from, lines) = state.log.from(wanted, LINES);
                (
                    from,
                    lines,
                    state.log.dropped(),
                    state.ended && state.log.next() <= from + LINES,
                )
            }),
            None => (wanted, Vec::new(), 0, known.state.is_over()),
        };
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(LogView {
            from: number(from),
            next: number(from + lines.len()),
            lines: lines.iter().map(view::run::line).collect(),
            complete: ended,
            dropped: number(dropped),
        })
    }

    async fn input_answer(&self, request: InputAnswerRequest) -> Answer<RunView> {
        let promotion = id(PromotionId::new(request.id.clone()))?;
        self.console()
            .answer_input(&promotion, &request.input, request.proceed)
            .await
            .map_err(|error| self.explain(error))?;
        self.run_view(PromotionRequest { id: request.id }).await
    }

    async fn audit_view(&self, request: AuditRequest) -> Answer<AuditView> {
        let console = self.console();
        let entries = console
            .ledger
            .entries()
            .map_err(|error| self.explain(error.into()))?;
        let record = console.record_of(&entries);
        let verification = console
            .ledger
            .verify()
            .map_err(|error| self.explain(error.into()))?;
        let end = request
            .before
            .map_or(entries.len(), |before| entries.len().min(before as usize));
        let limit = request.limit.clamp(1, 500) as usize;
        let mut wanted = entries[..end]
            .iter()
            .rev()
            .filter(|entry| !request.ignored_only || record.ignored.contains_key(&entry.seq));
        let shown = wanted.by_ref().take(limit);
        let shown = shown.map(|entry| view::audit::entry(&console, &record, entry));
        Ok(AuditView {
            entries: shown.collect(),
            more: wanted.next().is_some(),
            verification: view::audit::verification(&verification, record.ignored.len()),
        })
    }

    async fn connections_test(&self, _: Nothing) -> Answer<ConnectionsView> {
        Ok(ConnectionsView {
            connections: crate::doctor::examine(self).await,
        })
    }

    async fn practice_switch_person(&self, request: SwitchPersonRequest) -> Answer<IdentityView> {
        let person = id(PersonId::new(request.person))?;
        self.act_as(&person).await?;
        self.identity_view(Nothing {}).await
    }

    async fn open_link(&self, request: OpenLinkRequest) -> Answer<Nothing> {
        // Opening is the shell's business; here it is only decided whether the address is ours.
        if self.knows_address(&request.url) {
            Ok(Nothing {})
        } else {
            Err(ErrorEnvelope {
                hints: vec!["Only addresses that the estate file names are opened.".into()],
                ..envelope(
                    ErrorCode::Forbidden,
                    format!("{} is not an address of this estate.", request.url),
                )
            })
        }
    }
}
