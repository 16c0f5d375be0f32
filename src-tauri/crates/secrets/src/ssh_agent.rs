//! A client of `ssh-agent`: which keys it holds, and a signature by one of them.
//!
//! Speaks the two messages that signing needs, over the agent's socket (draft-miller-ssh-agent). The
//! agent may ask its person to confirm, or a security key for a touch, so a signature may take long;
//! everything else is quick or has gone wrong. Knows nothing of what is signed.

use std::{
    fmt,
    io::{self, Read, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// Longest message in either direction; OpenSSH's own limit.
const LONGEST: usize = 256 << 10;
/// Most keys that are listed.
const MOST_KEYS: u32 = 2048;

/// Why the agent did not do it, by what its person can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// Nobody answers at the socket.
    #[error("no ssh-agent answers at {}: {reason}", .socket.display())]
    NoAgent {
        /// The socket.
        socket: PathBuf,
        /// Reason.
        reason: String,
    },
    /// The agent does not hold the key.
    #[error("the ssh-agent does not hold this key")]
    KeyMissing,
    /// The agent holds the key and did not sign: its person declined, or the security key was not
    /// touched.
    #[error("the ssh-agent declined to sign")]
    Declined,
    /// No answer came in time.
    #[error("the ssh-agent did not answer within {} seconds", .after.as_secs())]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// What came is no answer of an agent.
    #[error("the ssh-agent's answer cannot be read: {0}")]
    BadAnswer(&'static str),
}

/// A key that an agent holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentKey {
    /// The public key in SSH's wire format.
    pub blob: Vec<u8>,
    /// Comment, for people.
    pub comment: String,
}

/// An agent, by its socket.
#[derive(Clone, PartialEq, Eq)]
pub struct SshAgent {
    socket: PathBuf,
    answer: Duration,
    signature: Duration,
}

impl fmt::Debug for SshAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SshAgent({})", self.socket.display())
    }
}

impl SshAgent {
    /// The agent at a socket; asks nobody yet. Five seconds for an answer, a minute for a signature.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self {
            socket: socket.into(),
            answer: Duration::from_secs(5),
            signature: Duration::from_mins(1),
        }
    }

    /// Waits otherwise: for an answer, and for a signature.
    #[must_use]
    pub fn with_patience(mut self, answer: Duration, signature: Duration) -> Self {
        (self.answer, self.signature) = (answer, signature);
        self
    }

    /// The keys that it holds. A locked agent says that it holds none.
    pub fn keys(&self) -> Result<Vec<AgentKey>, AgentError> {
        let answer = self.ask(&[REQUEST_IDENTITIES], self.answer)?;
        let mut rest = Reader(&answer);
        match rest.byte()? {
            IDENTITIES_ANSWER => {}
            FAILURE => return Ok(Vec::new()),
            _ => return Err(AgentError::BadAnswer("it is no list of keys")),
        }
        let count = rest.number()?;
        if count > MOST_KEYS {
            return Err(AgentError::BadAnswer("it lists too many keys"));
        }
        let mut keys = Vec::new();
        for _ in 0..count {
            keys.push(AgentKey {
                blob: rest.text()?.to_vec(),
                comment: String::from_utf8_lossy(rest.text()?).into_owned(),
            });
        }
        rest.end().map(|()| keys)
    }

    /// A signature by the key of this blob, in SSH's wire format.
    pub fn sign(&self, blob: &[u8], data: &[u8]) -> Result<Vec<u8>, AgentError> {
        let mut request = vec![SIGN_REQUEST];
        put(&mut request, blob);
        put(&mut request, data);
        request.extend_from_slice(&0_u32.to_be_bytes());
        let answer = self.ask(&request, self.signature)?;
        let mut rest = Reader(&answer);
        match rest.byte()? {
            SIGN_RESPONSE => {
                let signature = rest.text()?.to_vec();
                rest.end().map(|()| signature)
            }
            // The protocol has one word for every no.
            FAILURE if self.keys()?.iter().any(|key| key.blob == blob) => Err(AgentError::Declined),
            FAILURE => Err(AgentError::KeyMissing),
            _ => Err(AgentError::BadAnswer("it is no signature")),
        }
    }

    #[cfg(unix)]
    fn ask(&self, request: &[u8], patience: Duration) -> Result<Vec<u8>, AgentError> {
        use std::os::unix::net::UnixStream;
        if request.len() > LONGEST {
            return Err(AgentError::BadAnswer("the question is too long for it"));
        }
        let stream = UnixStream::connect(&self.socket).map_err(|error| self.nobody(&error))?;
        let mut wire = Timed {
            stream,
            until: Instant::now() + patience,
        };
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                AgentError::Timeout { after: patience }
            }
            io::ErrorKind::UnexpectedEof => AgentError::BadAnswer("it ends too early"),
            _ => self.nobody(&error),
        };
        let mut message = Vec::new();
        put(&mut message, request);
        wire.write_all(&message).map_err(failed)?;
        let mut length = [0; 4];
        wire.read_exact(&mut length).map_err(failed)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length == 0 || length > LONGEST {
            return Err(AgentError::BadAnswer("it is empty or too long"));
        }
        let mut answer = vec![0; length];
        wire.read_exact(&mut answer).map_err(failed)?;
        Ok(answer)
    }

    #[cfg(not(unix))]
    fn ask(&self, _: &[u8], _: Duration) -> Result<Vec<u8>, AgentError> {
        let reason = io::Error::from(io::ErrorKind::Unsupported);
        Err(self.nobody(&reason))
    }

    fn nobody(&self, reason: &io::Error) -> AgentError {
        AgentError::NoAgent {
            socket: self.socket.clone(),
            reason: reason.to_string(),
        }
    }
}

/// A stream whose reads and writes all end by one time: an agent that answers byte by byte has no
/// longer than one that does not answer.
#[cfg(unix)]
struct Timed {
    stream: std::os::unix::net::UnixStream,
    until: Instant,
}

#[cfg(unix)]
impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(Some(left))
    }
}

#[cfg(unix)]
impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

#[cfg(unix)]
impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn put(message: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).expect("messages are shorter than their limit");
    message.extend_from_slice(&length.to_be_bytes());
    message.extend_from_slice(text);
}

/// What is left of an answer.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], AgentError> {
        let cut = AgentError::BadAnswer("it is cut off");
        let (head, rest) = self.0.split_at_checked(count).ok_or(cut)?;
        self.0 = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, AgentError> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<u32, AgentError> {
        let bytes = self.take(4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn text(&mut self) -> Result<&'a [u8], AgentError> {
        let length = self.number()?;
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    fn end(&self) -> Result<(), AgentError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AgentError::BadAnswer("there is more behind it"))
        }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::{os::unix::net::UnixListener, thread};

    /// An agent that gives these bytes to whoever asks, one answer a connection, then is gone.
    fn answering(answers: &[&[u8]]) -> (tempfile::TempDir, SshAgent) {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("agent");
        let listener = UnixListener::bind(&socket).unwrap();
        let answers: Vec<Vec<u8>> = answers.iter().map(|bytes| bytes.to_vec()).collect();
        thread::spawn(move || {
            for bytes in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let mut question = vec![0; u32::from_be_bytes(length) as usize];
                stream.read_exact(&mut question).unwrap();
                let _ = stream.write_all(&bytes);
            }
        });
        let short = Duration::from_millis(200);
        (folder, SshAgent::new(socket).with_patience(short, short))
    }

    fn message(content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, content);
        bytes
    }

    /// A list with one key of this blob.
    fn holding(blob: &[u8]) -> Vec<u8> {
        let mut content = vec![IDENTITIES_ANSWER, 0, 0, 0, 1];
        put(&mut content, blob);
        put(&mut content, b"ana@laptop");
        message(&content)
    }

    #[test]
    fn a_socket_without_an_agent_is_named() {
        let error = SshAgent::new("/nowhere/agent").keys().unwrap_err();
        assert!(matches!(error, AgentError::NoAgent { .. }), "{error}");
        assert!(error.to_string().contains("/nowhere/agent"), "{error}");
    }

    #[test]
    fn a_no_is_told_apart_by_whether_the_key_is_there() {
        let no = message(&[FAILURE]);
        let (_folder, agent) = answering(&[&no, &holding(b"key")]);
        assert_eq!(agent.sign(b"key", b"data"), Err(AgentError::Declined));
        let (_folder, agent) = answering(&[&no, &holding(b"another")]);
        assert_eq!(agent.sign(b"key", b"data"), Err(AgentError::KeyMissing));
    }

    #[test]
    fn an_agent_that_says_nothing_or_drips_is_not_waited_for_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("agent");
        let listener = UnixListener::bind(&socket).unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(&[0]).is_ok() {
                thread::sleep(Duration::from_millis(90));
            }
        });
        let short = Duration::from_millis(250);
        let begun = Instant::now();
        let error = SshAgent::new(socket).with_patience(short, short).keys();
        assert_eq!(error, Err(AgentError::Timeout { after: short }));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn what_is_no_answer_of_an_agent_is_refused() {
        let cut = [&2_u32.to_be_bytes()[..], &[IDENTITIES_ANSWER]].concat();
        let huge = u32::MAX.to_be_bytes();
        let many = message(&[IDENTITIES_ANSWER, 0xff, 0xff, 0xff, 0xff]);
        let missing = message(&[IDENTITIES_ANSWER, 0, 0, 0, 1, 0, 0, 0, 9]);
        let more = message(&[IDENTITIES_ANSWER, 0, 0, 0, 0, 7]);
        let other = message(b"HTTP/1.1 400");
        for answer in [
            &cut[..],
            &huge,
            &many,
            &missing,
            &more,
            &other,
            &message(b""),
        ] {
            let (_folder, agent) = answering(&[answer]);
            let error = agent.keys().unwrap_err();
            assert!(
                matches!(error, AgentError::BadAnswer(_)),
                "{answer:?}: {error}"
            );
        }
    }

    #[test]
    fn keys_are_listed_with_their_comments() {
        let (_folder, agent) = answering(&[&holding(b"key")]);
        let keys = agent.keys().unwrap();
        assert_eq!(keys[0].blob, b"key");
        assert_eq!(keys[0].comment, "ana@laptop");
    }
}
