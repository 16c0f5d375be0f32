//! What several commands answer with: a promotion whole, the overview, the first look.

use crate::{errors::use_case, hints, host::Host, view};
use interlock_app::{Console, UseCaseError};
use interlock_contract::{
    error::ErrorEnvelope, first::FirstLook, overview::OverviewView, promotion::PromotionView,
};
use interlock_domain::{PromotionId, person::Person};

type Answer<T> = Result<T, ErrorEnvelope>;

impl Host {
    /// An error of a use case, with hints about names that are not known.
    pub fn explain(&self, error: UseCaseError) -> ErrorEnvelope {
        hints::explain(&self.console(), error)
    }

    pub(crate) async fn me(&self, console: &Console) -> Option<Person> {
        console.identity(false).await.person
    }

    /// The drawer of a promotion; `live` asks AWS and the gates anew.
    pub async fn promotion_drawer(&self, promotion: &PromotionId) -> Answer<PromotionView> {
        let console = self.console_now().await;
        let entries = console
            .ledger
            .entries()
            .map_err(|error| use_case(error.into()))?;
        let record = console.record_of(&entries);
        let Some(known) = record.promotions.get(promotion) else {
            return Err(self.explain(UseCaseError::NotFound {
                what: "promotion",
                name: promotion.to_string(),
            }));
        };
        let asked = console.look_at_promotion(known).await;
        let me = self.me(&console).await;
        let asked = view::promotion::Asked {
            change_sets: asked.change_sets,
            commits: asked
                .commits
                .into_iter()
                .map(|seen| view::promotion::ServiceCommits {
                    commits: seen.commits.iter().map(view::stack::commit_view).collect(),
                    service: seen.service,
                    note: seen.note,
                })
                .collect(),
            gates: None,
        };
        Ok(view::promotion::promotion(
            &console,
            &record,
            &entries,
            known,
            me.as_ref(),
            asked,
        ))
    }

    pub(crate) async fn after(
        &self,
        promotion: &PromotionId,
        result: interlock_app::UseCase<()>,
    ) -> Answer<PromotionView> {
        result.map_err(|error| self.explain(error))?;
        self.promotion_drawer(promotion).await
    }

    pub(crate) async fn overview_now(&self, console: &Console) -> Answer<OverviewView> {
        let record = console.record().map_err(use_case)?;
        let me = self.me(console).await;
        Ok(view::overview::overview(
            console,
            &console.matrix(&record, me.as_ref()),
            &record,
        ))
    }
}

impl Host {
    /// The last known state, for the window to be opened with.
    pub fn first_look(&self) -> Answer<FirstLook> {
        let console = self.console();
        Ok(FirstLook {
            estate: view::estate::estate(&console.estate, console.clock.now()),
            overview: self.last_known()?,
        })
    }

    /// The overview as last known: nobody is asked who I am for that.
    pub(crate) fn last_known(&self) -> Answer<OverviewView> {
        let console = self.console();
        let record = console.record().map_err(use_case)?;
        let me = console
            .known_identity()
            .and_then(|identity| identity.person);
        let matrix = console.matrix(&record, me.as_ref());
        Ok(view::overview::overview(&console, &matrix, &record))
    }
}
