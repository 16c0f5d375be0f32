//! Bodies of the fuzz targets for SonarQube's answers; see [`crate::fuzz`].

use super::{SonarQube, wire};
use crate::fuzz::{NOWHERE, STATUSES, options, read, reply, well_told};
use interlock_domain::{Secret, quality::Measure};
use std::sync::LazyLock;

static SONARQUBE: LazyLock<Option<SonarQube>> =
    LazyLock::new(|| SonarQube::new(NOWHERE, Some(&Secret::new("squ_1")), &options()).ok());

/// Answers about gates, analyses, measures and users.
pub fn sonarqube(bytes: &[u8]) {
    let Some(sonarqube) = SONARQUBE.as_ref() else {
        return;
    };
    let answer = reply(200, &[], bytes);
    let client = &sonarqube.client;
    let _ = read(client.json::<wire::Status>("status", &answer));
    let _ = read(client.json::<wire::Validity>("validity", &answer));
    let _ = read(client.json::<wire::Me>("me", &answer));
    let _ = read(client.json::<wire::Metrics>("metrics", &answer));
    if let Some(told) = read(client.json::<wire::ProjectStatusAnswer>("gate", &answer)) {
        let _ = read(sonarqube.gate_of("gate", told.project_status, None));
    }
    if let Some(list) = read(client.json::<wire::Analyses>("analyses", &answer)) {
        for entry in list.analyses {
            let _ = entry.read();
        }
    }
    if let Some(told) = read(client.json::<wire::MeasuresAnswer>("measures", &answer)) {
        let _: Vec<Measure> = told
            .component
            .measures
            .into_iter()
            .map(Measure::from)
            .collect();
    }
}

/// Refusals with any page.
pub(crate) fn refusals(bytes: &[u8]) {
    let Some(sonarqube) = SONARQUBE.as_ref() else {
        return;
    };
    for status in STATUSES {
        well_told(&sonarqube.refusal("gate", &reply(status, &[], bytes)));
    }
}
