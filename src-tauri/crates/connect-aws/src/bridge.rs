//! Asynchronous work behind a synchronous port.
//!
//! The ledger's ports are synchronous, because their other implementations (a SQLite file, a key
//! in the keychain) are, and because a fold over the log must not be torn apart by awaits. The
//! AWS SDK is asynchronous. So each store owns one thread with a small runtime of its own, and a
//! caller blocks on a plain channel until the answer is there. Why not less:
//!
//! - `Handle::block_on` panics inside a worker of a runtime, which is where use cases run;
//! - `block_in_place` panics on a current-thread runtime, which is what most tests and the command
//!   line use;
//! - a runtime made for each call would lose the connections, which belong to the runtime that
//!   opened them, and pay a TLS handshake each time.
//!
//! The thread never waits for the caller's runtime, so the two cannot wait for each other. A
//! caller inside a worker blocks that worker, exactly as it does while SQLite syncs its file; use
//! cases that must not block call the port from a blocking task.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A thread that does asynchronous work for callers who wait. It ends when dropped.
#[derive(Debug)]
pub(crate) struct Bridge {
    jobs: Option<UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// The work ended without an answer: it panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work behind it stopped unexpectedly")]
pub(crate) struct Stopped;

impl Bridge {
    /// Starts the thread under a name that debuggers show.
    pub(crate) fn start(name: &str) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (jobs, mut queue) = unbounded_channel::<Job>();
        let work = async move {
            while let Some(job) = queue.recv().await {
                tokio::spawn(job);
            }
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                runtime.block_on(work);
                // A look-up of a name that hangs must not hold up whoever drops the store.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Has the work done on the thread, and waits for its answer. Several callers may wait at the
    /// same time; their work goes on side by side.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Stopped> {
        let (answer, answered) = mpsc::sync_channel(1);
        let job = Box::pin(async move {
            let _ = answer.send(work.await);
        });
        let jobs = self.jobs.as_ref().ok_or(Stopped)?;
        jobs.send(job).map_err(|_| Stopped)?;
        // A panic inside drops the sending end, which ends the wait.
        answered.recv().map_err(|_| Stopped)
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn slow(number: u32) -> u32 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        number
    }

    #[test]
    fn a_plain_thread_gets_its_answer() {
        let bridge = Bridge::start("test").unwrap();
        assert_eq!(bridge.wait(slow(7)), Ok(7));
    }

    #[tokio::test]
    async fn a_current_thread_runtime_gets_its_answer() {
        let bridge = Bridge::start("test").unwrap();
        assert_eq!(bridge.wait(slow(7)), Ok(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn the_only_worker_of_a_runtime_gets_its_answer_and_may_drop_it() {
        let answer = tokio::spawn(async {
            let bridge = Bridge::start("test").unwrap();
            bridge.wait(slow(7))
        });
        assert_eq!(answer.await.unwrap(), Ok(7));
    }

    #[test]
    fn callers_do_not_wait_for_each_other_and_a_panic_harms_only_its_own() {
        let bridge = Bridge::start("test").unwrap();
        let (go, told_to_go) = tokio::sync::oneshot::channel::<u32>();
        std::thread::scope(|scope| {
            let long = scope.spawn(|| bridge.wait(told_to_go));
            let lost = bridge.wait(async { panic!("on purpose") });
            assert_eq!(lost, Err::<(), _>(Stopped));
            // The answer comes although the first caller still waits.
            assert_eq!(bridge.wait(slow(1)), Ok(1));
            go.send(3).unwrap();
            assert_eq!(long.join().unwrap(), Ok(Ok(3)));
        });
        assert_eq!(bridge.wait(slow(2)), Ok(2));
    }
}
