//! The desktop program: arguments in, window out.

use clap::Parser as _;
use interlock_contract::Nothing;
use interlock_contract::commands::Commands as _;
use interlock_contract::error::ErrorEnvelope;
use interlock_desktop::arguments::{Arguments, Plan, Target, user_data_directory};
use interlock_desktop::core::OpenCore;
use interlock_desktop::links;
use interlock_desktop::{desktop, process};
use interlock_host::{EstateSource, Host, HostOptions};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long runs and the first refresh wait for the window to ask for the last known state.
const FIRST_LOOK: Duration = Duration::from_secs(2);

/// How long they leave it to paint that.
const PAINTING: Duration = Duration::from_millis(150);

fn main() -> ExitCode {
    process::prepare_environment();
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(sentence) => {
            #[expect(clippy::print_stderr, reason = "there is no window to say it in")]
            {
                eprintln!("interlock-desktop: {sentence}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<i32, String> {
    let user_data = user_data_directory(|name| std::env::var(name).ok())
        .or_else(|| arguments.data.clone())
        .ok_or("neither XDG_DATA_HOME nor HOME says where to keep data; use --data DIR")?;
    let plan = arguments.plan(&user_data);
    let link = match &arguments.link {
        Some(link) => Some(links::promotion_of(link).ok_or_else(|| {
            format!("`{link}` is no link of Interlock; one looks like interlock://promotion/ID")
        })?),
        None => None,
    };
    if !process::has_display() {
        return Err(
            "there is no display (DISPLAY and WAYLAND_DISPLAY are not set); \
                    the command line `interlock` does the same without a window"
                .into(),
        );
    }
    process::start_log(&plan.data);

    let kept = Arc::new(OnceLock::new());
    let keep = Arc::clone(&kept);
    let builder = desktop::on_desktop(tauri::Builder::default(), &plan.data);
    let doors = desktop::Doors::of_the_desktop();
    let app = desktop::build(builder, desktop::context(), doors, move || {
        open(plan.clone(), Arc::clone(&keep))
    })
    .map_err(|error| format!("the window could not be opened: {error}"))?;
    let code = app.run_return(move |app, event| {
        if let (tauri::RunEvent::Ready, Some(promotion)) = (event, &link) {
            desktop::show(app, Some(promotion.clone()));
        }
    });
    if let Some(host) = kept.get() {
        tauri::async_runtime::block_on(host.close());
    }
    Ok(code)
}

/// Opens the core that the plan names, and takes up what runs.
async fn open(plan: Plan, kept: Arc<OnceLock<Arc<Host>>>) -> Result<OpenCore<Host>, ErrorEnvelope> {
    let host = Host::open(HostOptions {
        estate: match plan.target {
            Target::Estate(file) => EstateSource::File(file),
            Target::Practice(directory) => EstateSource::Practice(directory),
        },
        data: plan.data,
        environment: std::env::vars().collect(),
        runner: format!(
            "interlock desktop on {}, process {}",
            interlock_host::machine(),
            std::process::id()
        ),
    })
    .await?;
    let host = Arc::new(host);
    let events = host.events();
    let at_work = Arc::clone(&host);
    tauri::async_runtime::spawn(async move {
        // First the window paints the last known state: a refresh would take the processors from it.
        if tokio::time::timeout(FIRST_LOOK, at_work.overview_shown())
            .await
            .is_ok()
        {
            tokio::time::sleep(PAINTING).await;
        }
        at_work.take_up_runs().await;
        if let Err(error) = at_work.overview_refresh(Nothing {}).await {
            tracing::warn!("the first refresh ended early: {error}");
        }
    });
    let host = kept.get_or_init(|| host);
    Ok(OpenCore {
        first_look: host.first_look().ok(),
        commands: Arc::clone(host),
        events,
    })
}
