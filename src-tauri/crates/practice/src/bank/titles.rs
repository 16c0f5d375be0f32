//! Titles of commits: what people at the bank write.

use super::{Kind, chance::Chance};

/// Titles of the releases that the story tells, in order of writing; the last before the release
/// commit changes the template.
const TOLD: &[(&str, &str, &[&str])] = &[
    (
        "payments-api",
        "9.2.0",
        &[
            "Round reversals to the cent",
            "Queue payments above the daily limit",
            "Test the retry of a timed-out authorization",
            "Answer 409 for a payment captured twice",
            "Give the limit queue a dead letter queue",
        ],
    ),
    (
        "payments-api",
        "9.3.1",
        &[
            "Move to Node.js 22",
            "Delete expired authorizations",
            "Añade el motivo de rechazo a la respuesta",
            "Log the acquirer's trace id",
            "Stop retrying declined payments",
            "Fix the currency of reversals",
            "Let the payments role clean up its table",
        ],
    ),
    (
        "transfers",
        "5.2.0",
        &[
            "Batch transfers from a file",
            "Keep warm starts short with SnapStart",
            "Raise the maximum amount",
        ],
    ),
    (
        "transactions-table",
        "1.12.0",
        &[
            "Sort movements by sequence, not by moment",
            "Find movements by merchant",
        ],
    ),
    (
        "onboarding",
        "3.5.0",
        &[
            "Check the sanctions list before identity",
            "Mensaje claro cuando falta la cédula",
        ],
    ),
    (
        "cards",
        "3.0.0-rc.1",
        &[
            "Routes of version 3",
            "Publish card events",
            "Expire tokens that nobody used",
        ],
    ),
    ("cards", "3.0.0-rc.2", &["Archive card events for 30 days"]),
    (
        "statements",
        "2.2.0",
        &[
            "Statements by calendar year",
            "Larger scratch space for long statements",
        ],
    ),
    (
        "customer-portal",
        "4.18.0",
        &[
            "Política de contenido estricta",
            "Serve HTTP/3",
            "Remember the last account",
        ],
    ),
    (
        "customer-portal",
        "4.18.2",
        &["Show the portal's own page for unknown addresses"],
    ),
    (
        "mobile-bff",
        "1.44.0",
        &["Instant payments in the application", "Throttle by stage"],
    ),
    (
        "ledger-export",
        "0.4.0",
        &[
            "Exporta los asientos en hora de Bogotá",
            "Retry a refused upload",
        ],
    ),
];

fn usual(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::StaticSite => &[
            "Larger touch targets on small screens",
            "Corrige la tilde en «Últimos movimientos»",
            "Load the map only when asked",
            "Focus the first field after sign-in",
            "Drop the old browser warning",
            "Translate the session-expired page",
        ],
        Kind::LambdaApi => &[
            "Validate the amount before the lookup",
            "Answer 422 with the field that is wrong",
            "Cache the configuration for a minute",
            "Log the correlation id on every line",
            "Update the SDK",
            "Simplifica el manejo de errores",
            "Cover the timeout path by a test",
            "Limit page size to 100",
        ],
        Kind::DataStore => &[
            "Document the access patterns",
            "Tag the table for cost reports",
            "Keep backups for longer",
            "Explica la convención de nombres",
        ],
        Kind::Messaging => &[
            "Mask the account number in messages",
            "Nueva plantilla de notificación de pago",
            "Retry mail with backoff",
            "Count messages by channel",
        ],
        Kind::Identity => &[
            "Refuse disposable mail addresses",
            "Mensaje de verificación más corto",
            "Test the sign-up trigger",
        ],
        Kind::Edge => &[
            "Allow the new office range",
            "Count before block for new rules",
            "Explica cada regla",
        ],
        Kind::Workflow => &[
            "Retry the upload of a day",
            "Skip holidays of both countries",
            "Corrige el cálculo del primer día hábil",
            "Report the number of records",
            "Fail early when the source is empty",
        ],
    }
}

/// Titles of the commits of a release, without the release commit.
pub(super) fn of_release(
    service: &str,
    kind: Kind,
    version: &str,
    chance: &mut Chance,
) -> Vec<&'static str> {
    let told = TOLD
        .iter()
        .find(|(of, at, _)| *of == service && *at == version);
    if let Some((_, _, titles)) = told {
        return titles.to_vec();
    }
    let pool = usual(kind);
    let first = chance.whole(0, 100) as usize;
    let count = chance.whole(0, 3) as usize;
    (first..first + count)
        .map(|index| pool[index % pool.len()])
        .collect()
}
