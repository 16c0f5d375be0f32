//! Waiting for a run to end.

use interlock_app::Console;
use interlock_domain::PromotionId;
use interlock_ledger::{Promotion, PromotionState};
use std::{sync::Arc, time::Duration};

/// The promotion once its run failed, or was verified.
pub async fn settled(console: &Arc<Console>, id: &PromotionId) -> Promotion {
    for _ in 0..2_400 {
        let promotion = console.promotion(id).unwrap();
        let verified = promotion
            .last_attempt()
            .is_some_and(|attempt| attempt.verified.is_some());
        if matches!(promotion.state, PromotionState::Failed { .. }) || verified {
            return promotion;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!(
        "the run did not settle: {:?}",
        console.promotion(id).unwrap().state
    );
}
