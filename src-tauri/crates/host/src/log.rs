//! What may be logged, whatever level somebody asks for.
//!
//! Our own lines hold no secrets. Those of libraries do at their finest levels: the AWS SDK writes
//! answers down as they came, with the keys of a session in them.

use tracing::Level;

/// Whether a line or span of this target may be logged at this level: of libraries nothing finer
/// than what they say to everybody.
pub fn may_be_logged(target: &str, level: Level) -> bool {
    let room = target.split("::").next().unwrap_or_default();
    let ours = room == "interlock" || room.starts_with("interlock_");
    ours || level <= Level::INFO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_11_libraries_log_no_more_than_they_say_to_everybody() {
        for level in [Level::DEBUG, Level::TRACE] {
            assert!(may_be_logged("interlock_host::wiring", level));
            assert!(may_be_logged("interlock", level));
            for target in [
                "aws_smithy_runtime::client",
                "hyper::proto",
                "interlocked",
                "",
                "h2",
            ] {
                assert!(!may_be_logged(target, level), "{target}");
            }
        }
        for level in [Level::INFO, Level::WARN, Level::ERROR] {
            assert!(may_be_logged("reqwest::connect", level));
        }
    }
}
