//! Starts an emulator as a child process on a free port of loopback, and ends it by its id.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);

/// A running emulator; dropping it ends it.
pub struct Peer {
    child: Child,
    pub address: String,
    // Removed after the child is gone.
    _folder: TempDir,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the Python environment for conformance tests.
pub fn program(name: &str) -> PathBuf {
    let environment = std::env::var_os("INTERLOCK_VENV").map_or_else(by_default, PathBuf::from);
    let program = environment.join("bin").join(name);
    assert!(
        program.exists(),
        "{} is missing: run `make setup-test`, which prepares it",
        program.display()
    );
    program
}

fn by_default() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache");
    cache.unwrap_or_else(home).join("interlock/venv")
}

/// MiniStack with permissions enforced, and without the listeners that are not needed.
pub fn ministack() -> Peer {
    start(|port, folder| {
        let mut command = Command::new(program("ministack"));
        command
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("IOT_MTLS_ENABLED", "false")
            .env("SFTP_ENABLED", "false")
            .env("STATE_DIR", folder.join("state"));
        command
    })
}

/// moto's server.
pub fn moto() -> Peer {
    start(|port, _| {
        let mut command = Command::new(program("moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command
    })
}

fn start(command: impl Fn(u16, &Path) -> Command) -> Peer {
    // Another process may take the free port first; then the child ends at once.
    for _ in 0..3 {
        if let Some(peer) = try_start(&command) {
            return peer;
        }
    }
    panic!("the emulator ended by itself three times");
}

fn try_start(command: &impl Fn(u16, &Path) -> Command) -> Option<Peer> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let port = free_port();
    let out = File::create(&log).unwrap();
    let child = command(port, folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stderr(out.try_clone().unwrap())
        .stdout(out)
        .spawn()
        .unwrap();
    let mut peer = Peer {
        child,
        address: format!("http://127.0.0.1:{port}"),
        _folder: folder,
    };
    let begun = Instant::now();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
        if peer.child.try_wait().unwrap().is_some() {
            return None;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "the emulator does not start: {}",
            fs::read_to_string(&log).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(30));
    }
    Some(peer)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
