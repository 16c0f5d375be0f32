//! The desktop program: arguments in, window out.

use clap::Parser as _;
use interlock_contract::error::ErrorEnvelope;
use interlock_desktop::arguments::{Arguments, Plan, user_data_directory};
use interlock_desktop::core::OpenCore;
use interlock_desktop::links::{self, Browser};
use interlock_desktop::{desktop, process};
use std::process::ExitCode;

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

    let builder = desktop::on_desktop(tauri::Builder::default(), &plan.data);
    let app = desktop::build(builder, desktop::context(), Browser::system(), move || {
        open(plan.clone())
    })
    .map_err(|error| format!("the window could not be opened: {error}"))?;
    Ok(app.run_return(move |app, event| {
        if let (tauri::RunEvent::Ready, Some(promotion)) = (event, &link) {
            desktop::show(app, Some(promotion.clone()));
        }
    }))
}

/// Opens the core that the plan names.
async fn open(plan: Plan) -> Result<OpenCore<interim::NotYet>, ErrorEnvelope> {
    Err(interim::envelope(&format!("nothing to open yet: {plan:?}")))
}

mod interim {
    //! Stands in until the host is there.
    use interlock_contract::commands::Commands;
    use interlock_contract::error::{ErrorCode, ErrorEnvelope};

    pub struct NotYet;

    pub fn envelope(message: &str) -> ErrorEnvelope {
        ErrorEnvelope {
            code: ErrorCode::Internal,
            message: message.into(),
            hints: Vec::new(),
            retryable: false,
            location: None,
            correlation: "interim".into(),
        }
    }

    macro_rules! rows {
        ($($name:ident: $request:ty => $response:ty, $effect:ident;)*) => {
            impl Commands for NotYet {
                $(async fn $name(&self, _: $request) -> Result<$response, ErrorEnvelope> {
                    Err(envelope(stringify!($name)))
                })*
            }
        };
    }
    interlock_contract::with_commands!(rows);
}
