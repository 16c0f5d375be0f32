//! A relay between a client and an emulator that can swallow the answer to a write.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The relay, alive until dropped.
pub struct Relay {
    pub address: String,
    shared: Arc<Shared>,
    port: u16,
}

#[derive(Default)]
struct Shared {
    to_cut: AtomicUsize,
    cuts: AtomicUsize,
    over: AtomicBool,
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Relay {
    pub fn start(upstream: &str) -> Self {
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if of_thread.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(&upstream)) else {
                    return;
                };
                carry(client, server, &of_thread);
            }
        });
        Self {
            address: format!("http://127.0.0.1:{port}"),
            shared,
            port,
        }
    }

    /// The answers to the next so many writes do not arrive.
    pub fn cut_answers_to_writes(&self, count: usize) {
        self.shared.to_cut.store(count, Ordering::SeqCst);
    }

    pub fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::SeqCst)
    }
}

/// Carries bytes both ways; one thread each.
fn carry(client: TcpStream, server: TcpStream, shared: &Arc<Shared>) {
    let is_write = Arc::new(AtomicBool::new(false));
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (sees, of_request) = (Arc::clone(&is_write), Arc::clone(shared));
    std::thread::spawn(move || {
        let mut bytes = [0; 16 << 10];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if bytes.starts_with(b"PUT ") && of_request.to_cut.load(Ordering::SeqCst) > 0 {
                sees.store(true, Ordering::SeqCst);
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let (mut from, mut to, shared) = (server, client, Arc::clone(shared));
    std::thread::spawn(move || {
        let mut bytes = [0; 16 << 10];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if is_write.swap(false, Ordering::SeqCst) {
                shared.to_cut.fetch_sub(1, Ordering::SeqCst);
                shared.cuts.fetch_add(1, Ordering::SeqCst);
                break;
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
