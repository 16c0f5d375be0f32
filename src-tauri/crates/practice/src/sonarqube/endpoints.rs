//! The calls of the web API, what each is for, and who may make them: the table that routing and `webservices/list` share.

use serde_json::{Value, json};

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing, not even a token.
    Nothing,
    /// A token.
    Token,
    /// A permission that nobody of the bank has here; reading.
    Privilege,
    /// The same, by POST.
    PrivilegedPost,
}

/// A call: area, action, what it needs, what it is for.
type Endpoint = (&'static str, &'static str, Needs, &'static str);

static ENDPOINTS: &[Endpoint] = {
    use Needs::{Nothing, Privilege, PrivilegedPost, Token};
    &[
        ("authentication", "validate", Nothing, "Check credentials."),
        ("ce", "activity", Privilege, "Search for background tasks."),
        (
            "ce",
            "component",
            Token,
            "Get the background tasks of a component.",
        ),
        ("ce", "submit", PrivilegedPost, "Submit a scanner report."),
        ("ce", "task", Token, "Give details of a background task."),
        ("components", "search", Token, "Search for projects."),
        (
            "components",
            "search_projects",
            Token,
            "Search for projects with filters.",
        ),
        ("components", "show", Token, "Return a project."),
        (
            "components",
            "tree",
            Token,
            "Navigate through the files of a project.",
        ),
        (
            "hotspots",
            "change_status",
            PrivilegedPost,
            "Change the status of a hotspot.",
        ),
        ("hotspots", "search", Token, "Search for security hotspots."),
        ("issues", "add_comment", PrivilegedPost, "Add a comment."),
        ("issues", "assign", PrivilegedPost, "Assign an issue."),
        ("issues", "bulk_change", PrivilegedPost, "Change issues."),
        (
            "issues",
            "do_transition",
            PrivilegedPost,
            "Do a workflow transition on an issue.",
        ),
        ("issues", "search", Token, "Search for issues."),
        (
            "issues",
            "set_severity",
            PrivilegedPost,
            "Change the severity of an issue.",
        ),
        (
            "measures",
            "component",
            Token,
            "Return a project with its measures.",
        ),
        (
            "measures",
            "component_tree",
            Token,
            "Navigate through files with their measures.",
        ),
        (
            "measures",
            "search",
            Token,
            "Search for measures of projects.",
        ),
        (
            "measures",
            "search_history",
            Token,
            "Search the history of measures.",
        ),
        ("metrics", "search", Token, "Search for metrics."),
        ("metrics", "types", Token, "List the types of metrics."),
        (
            "permissions",
            "users",
            Privilege,
            "List the users with their permissions.",
        ),
        (
            "project_analyses",
            "delete",
            PrivilegedPost,
            "Delete an analysis.",
        ),
        (
            "project_analyses",
            "search",
            Token,
            "Search the analyses of a project.",
        ),
        (
            "project_branches",
            "list",
            Token,
            "List the branches of a project.",
        ),
        (
            "project_pull_requests",
            "list",
            Token,
            "List the pull requests of a project.",
        ),
        ("projects", "create", PrivilegedPost, "Create a project."),
        ("projects", "delete", PrivilegedPost, "Delete a project."),
        (
            "projects",
            "search",
            Privilege,
            "Search for projects to administer them.",
        ),
        (
            "qualitygates",
            "create",
            PrivilegedPost,
            "Create a quality gate.",
        ),
        (
            "qualitygates",
            "get_by_project",
            Token,
            "Get the quality gate of a project.",
        ),
        ("qualitygates", "list", Token, "List quality gates."),
        (
            "qualitygates",
            "project_status",
            Token,
            "Get the quality gate status of a project.",
        ),
        ("qualitygates", "show", Token, "Display a quality gate."),
        ("server", "version", Nothing, "Version in plain text."),
        ("settings", "set", PrivilegedPost, "Update a setting."),
        ("system", "health", Privilege, "Health of the server."),
        (
            "system",
            "info",
            Privilege,
            "Details about the configuration.",
        ),
        ("system", "ping", Nothing, "Answer \"pong\" as plain text."),
        ("system", "restart", PrivilegedPost, "Restart the server."),
        ("system", "status", Nothing, "State of the server."),
        ("users", "current", Token, "Details of the user who asks."),
        ("webhooks", "create", PrivilegedPost, "Create a webhook."),
        ("webhooks", "list", Privilege, "List webhooks."),
        (
            "webservices",
            "list",
            Nothing,
            "List the calls of this server.",
        ),
    ]
};

/// What a call needs; none for a call that this server does not know.
pub(super) fn needs(area: &str, action: &str) -> Option<Needs> {
    ENDPOINTS
        .iter()
        .find(|(its_area, its_action, ..)| *its_area == area && *its_action == action)
        .map(|(_, _, needs, _)| *needs)
}

/// `api/webservices/list`.
pub(super) fn list() -> Value {
    let mut areas: Vec<&str> = ENDPOINTS.iter().map(|(area, ..)| *area).collect();
    areas.dedup();
    let services: Vec<Value> = areas
        .into_iter()
        .map(|area| {
            let actions: Vec<Value> = ENDPOINTS
                .iter()
                .filter(|(its_area, ..)| *its_area == area)
                .map(|(_, action, needs, about)| {
                    json!({
                        "key": action,
                        "description": about,
                        "internal": false,
                        "post": *needs == Needs::PrivilegedPost,
                        "hasResponseExample": false,
                        "changelog": [],
                    })
                })
                .collect();
            json!({"path": format!("api/{area}"), "description": "", "actions": actions})
        })
        .collect();
    json!({ "webServices": services })
}
