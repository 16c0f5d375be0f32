//! Measures, now and over time.

use super::{
    Sonarqube,
    metrics::METRICS,
    project::Project,
    projects::named,
    wire::{Answer, Page, Refused, moment, one_of, required, some_of, time},
};
use crate::web::{Reply, Request};
use serde_json::{Value, json};

/// Metrics that a request names; unknown ones are refused together.
fn metrics<'a>(request: &'a Request, field: &str) -> Result<Vec<&'a str>, Refused> {
    required(request, field)?;
    let mut wanted: Vec<&str> = Vec::new();
    for word in request.words(field) {
        if !wanted.contains(&word) {
            wanted.push(word);
        }
    }
    let unknown: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|name| METRICS.iter().all(|(key, ..)| key != name))
        .collect();
    if unknown.is_empty() {
        Ok(wanted)
    } else {
        Err(Refused::not_found(&format!(
            "The following metric keys are not found: {}",
            unknown.join(", ")
        )))
    }
}

/// `api/measures/component`.
pub(super) fn component(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let wanted = metrics(request, "metricKeys")?;
    let last = project.last();
    let measures: Vec<Value> = wanted
        .iter()
        .filter_map(|metric| measure(project, metric, last?))
        .collect();
    let mut answer = json!({"component": {
        "key": project.key,
        "name": project.name,
        "qualifier": "TRK",
        "measures": measures,
    }});
    let additional = some_of(request, "additionalFields", &["metrics", "period"])?;
    if additional.contains(&"metrics") {
        answer["metrics"] = wanted.iter().filter_map(|metric| about(metric)).collect();
    }
    let before = last.and_then(|at| project.analyses.get(at.checked_sub(1)?));
    if additional.contains(&"period")
        && let Some(before) = before
    {
        answer["period"] = json!({
            "mode": "previous_version",
            "date": time(before.time),
            "parameter": before.version,
        });
    }
    Ok(Reply::json(&answer))
}

/// A measure: values of new code stand in `period`.
fn measure(project: &Project, metric: &str, at: usize) -> Option<Value> {
    let value = project.value(metric, at)?;
    let best = match METRICS.iter().find(|(key, ..)| *key == metric)? {
        (_, "PERCENT", _, _, 1) => value == "100",
        (_, "RATING", ..) => value == "1.0",
        (_, "LEVEL", ..) => value == "OK",
        (.., -1) => value == "0",
        _ => false,
    };
    Some(if metric.starts_with("new_") {
        json!({"metric": metric, "period": {"index": 1, "value": value, "bestValue": best}})
    } else {
        json!({"metric": metric, "value": value, "bestValue": best})
    })
}

fn about(metric: &str) -> Option<Value> {
    let (key, kind, name, domain, direction) = METRICS.iter().find(|(key, ..)| *key == metric)?;
    Some(json!({
        "key": key,
        "name": name,
        "description": name,
        "domain": domain,
        "type": kind,
        "higherValuesAreBetter": *direction > 0,
        "qualitative": true,
        "hidden": false,
    }))
}

/// `api/measures/search_history`.
pub(super) fn history(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let wanted = metrics(request, "metrics")?;
    let page = Page::of(request, 100, 1000)?;
    let (from, to) = (
        moment(request, "from", false)?,
        moment(request, "to", true)?,
    );
    let times: Vec<usize> = project
        .analyses
        .iter()
        .enumerate()
        .filter(|(_, a)| from.is_none_or(|from| a.time >= from) && to.is_none_or(|to| a.time <= to))
        .map(|(at, _)| at)
        .collect();
    let total = times.len();
    let shown = page.cut(times);
    let measures: Vec<Value> = wanted
        .iter()
        .map(|metric| {
            let history: Vec<Value> = shown
                .iter()
                .map(|at| {
                    let date = time(project.analyses[*at].time);
                    // A value that was not measured is left out, not written as null.
                    project.value(metric, *at).map_or_else(
                        || json!({"date": date}),
                        |v| json!({"date": date, "value": v}),
                    )
                })
                .collect();
            json!({"metric": metric, "history": history})
        })
        .collect();
    Ok(Reply::json(
        &json!({"paging": page.paging(total), "measures": measures}),
    ))
}

/// `api/measures/search`: the same metrics of several projects; unknown ones are left out.
pub(super) fn search(sonarqube: &Sonarqube, request: &Request) -> Answer {
    required(request, "projectKeys")?;
    let wanted = metrics(request, "metricKeys")?;
    let mut measures = Vec::new();
    for key in request.words("projectKeys") {
        let Ok(project) = sonarqube.project(key) else {
            continue;
        };
        for metric in &wanted {
            let found = project.last().and_then(|at| measure(project, metric, at));
            if let Some(mut found) = found {
                found["component"] = project.key.as_str().into();
                measures.push(found);
            }
        }
    }
    Ok(Reply::json(&json!({ "measures": measures })))
}

/// `api/measures/component_tree`: a project and the files in which something was found.
///
/// Of files only the numbers of findings are known here.
pub(super) fn tree(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let wanted = metrics(request, "metricKeys")?;
    let page = Page::of(request, 100, 500)?;
    one_of(request, "strategy", &["all", "children", "leaves"])?;
    let search = request.field("q").unwrap_or_default();
    let last = project.last();
    let measures: Vec<Value> = wanted
        .iter()
        .filter_map(|metric| measure(project, metric, last?))
        .collect();
    let files: Vec<&str> = project
        .files()
        .into_iter()
        .filter(|file| file.contains(search))
        .collect();
    let total = files.len();
    let components: Vec<Value> = page
        .cut(files)
        .into_iter()
        .map(|file| {
            let measures: Vec<Value> = wanted
                .iter()
                .filter_map(|metric| {
                    let count = project.findings_of(file, metric, last?)?;
                    Some(json!({
                        "metric": metric,
                        "value": count.to_string(),
                        "bestValue": count == 0,
                    }))
                })
                .collect();
            let mut value = file_value(project, file);
            value["measures"] = measures.into();
            value
        })
        .collect();
    Ok(Reply::json(&json!({
        "paging": page.paging(total),
        "baseComponent": {
            "key": project.key,
            "name": project.name,
            "qualifier": "TRK",
            "measures": measures,
        },
        "components": components,
    })))
}

/// `api/components/tree`: the files of a project in which something was found.
pub(super) fn files(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let page = Page::of(request, 100, 500)?;
    let files = project.files();
    let total = files.len();
    let components: Vec<Value> = page
        .cut(files)
        .into_iter()
        .map(|file| file_value(project, file))
        .collect();
    Ok(Reply::json(&json!({
        "paging": page.paging(total),
        "baseComponent": {"key": project.key, "name": project.name, "qualifier": "TRK"},
        "components": components,
    })))
}

fn file_value(project: &Project, file: &str) -> Value {
    json!({
        "key": format!("{}:{file}", project.key),
        "name": file.rsplit('/').next(),
        "qualifier": "FIL",
        "path": file,
        "language": file.rsplit('.').next(),
    })
}
