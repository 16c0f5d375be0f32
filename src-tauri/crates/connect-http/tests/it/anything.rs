//! Whatever comes back, every question ends with an answer or an error, and never with a panic.

use crate::{
    jenkins_reading::{jenkins, job},
    replay::{Played, Server, quick},
};
use interlock_app::ports::{
    BuildOrder, BuildReader, BuildRunner, IdentityReader, MergeRequestReader, QualityReader,
};
use interlock_connect_http::{GitLab, HttpOptions, SonarQube};
use interlock_domain::{Secret, quality::Analysis};
use proptest::prelude::*;

fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![
        Just("{}".to_owned()),
        Just("[]".to_owned()),
        Just("null".to_owned()),
        Just(r#"[{"iid":-1}]"#.to_owned()),
        Just(r#"{"items":[{"task":null,"actions":[null,{}]}]}"#.to_owned()),
        Just(r#"{"number":4294967296,"timestamp":1e300}"#.to_owned()),
        Just(r#"{"number":1,"timestamp":9223372036854775807,"duration":-5}"#.to_owned()),
        Just(r#"{"number":1,"timestamp":1,"result":"ODD","actions":[{"causes":[{}]}]}"#.to_owned()),
        Just(r#"{"stages":[{"id":"","name":"","startTimeMillis":-9}],"id":"x"}"#.to_owned()),
        Just(r#"{"buildable":true,"property":[null,{"parameterDefinitions":[]}]}"#.to_owned()),
        Just(r#"{"status":"UP","version":"","valid":true,"isLoggedIn":false}"#.to_owned()),
        Just(r#"{"analyses":[{"key":"a","date":"+292278994-08-17T07:12:55+0000"}]}"#.to_owned()),
        Just(r#"{"projectStatus":{"status":"MAYBE"}}"#.to_owned()),
        Just("[".repeat(300)),
    ];
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        json.prop_map(String::into_bytes),
    ]
}

fn answer() -> impl Strategy<Value = Played> {
    let status = prop_oneof![
        6 => Just(200_u16),
        1 => Just(201_u16),
        3 => prop::sample::select(vec![204, 302, 400, 401, 403, 404, 409, 429, 500, 503]),
    ];
    let kind = prop::sample::select(vec!["application/json", "text/html", "text/plain", ""]);
    let place = prop::sample::select(vec![
        "/job/x/1/",
        "queue/item/99999999999999999999/",
        "::",
        "\u{e9}",
    ]);
    let number = prop::sample::select(vec!["0", "5", "18446744073709551615", "-1", "x"]);
    (body(), status, kind, place, number).prop_map(|(body, status, kind, place, number)| {
        Played::new(status, body)
            .header("content-type", kind)
            .header("location", place)
            .header("x-text-size", number)
            .header("x-next-page", number)
            .header("link", format!("<{place}>; rel=\"next\""))
            .header("retry-after", number)
    })
}

async fn ask_everything(url: &str) {
    let options = HttpOptions {
        retries: 0,
        ..quick()
    };
    let jenkins = jenkins(url);
    let x = job("x");
    let order = BuildOrder {
        job: x.clone(),
        parameters: Vec::new(),
    };
    let _ = jenkins.builds(&x, 5).await;
    let _ = jenkins.build(&x, 1).await;
    let _ = jenkins.stages(&x, 1).await;
    let _ = jenkins.log(&x, 1, 3).await;
    let _ = jenkins.pending_inputs(&x, 1).await;
    let _ = jenkins.tests(&x, 1).await;
    let _ = jenkins.queue(1).await;
    let _ = jenkins.trigger(&order).await;
    let _ = jenkins.find(&x, "P", "1").await;
    let _ = jenkins.answer_input(&x, 1, "a", false).await;
    let _ = jenkins.stop(&x, 1).await;
    let _ = jenkins.identities().await;

    let token = Secret::new("token");
    let sonar = SonarQube::new(url, Some(&token), &options).unwrap();
    let analysis = Analysis {
        key: "k".to_owned(),
        at: interlock_domain::Timestamp::UNIX_EPOCH,
        version: None,
        revision: None,
    };
    let _ = sonar.gate("p").await;
    let _ = sonar.analyses("p", 3).await;
    let _ = sonar.gate_of_analysis("p", &analysis).await;
    let _ = sonar.measures("p", &["coverage"]).await;
    let _ = sonar.identities().await;

    let gitlab = GitLab::new(url, Some(&token), &options).unwrap();
    let _ = gitlab.merge_requests("a/b", &["abc1234".to_owned()]).await;
    let _ = gitlab.identities().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn threat_07_arbitrary_answers_never_panic(answer in answer()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let server = Server::start().await;
            server.otherwise(answer);
            ask_everything(&server.url).await;
        });
    }
}
