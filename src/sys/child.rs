//! Helper programs (gpg, age plugins, key commands): found along `PATH`, killed when they take too long.

use crate::secret::{SecretBuf, SecretBytes};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
pub use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Most that a helper may print, in bytes (1 MiB); keys and data keys are far smaller.
pub const OUTPUT_MAX_BYTES: usize = 1 << 20;

/// Why a helper program gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChildError {
    /// No such program.
    #[error("the program '{0}' is not there (PATH counts)")]
    Missing(String),
    /// It could not be started.
    #[error("cannot start {}: {problem}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        problem: io::ErrorKind,
    },
    /// It was killed because it took too long.
    #[error("no answer within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// It was not started, because it took too long before: with many files a host would wait for each.
    #[error("not asked again: it gave no answer within {} seconds before", .0.as_secs())]
    GivenUp(Duration),
    /// Talking to it failed, or it printed more than it may.
    #[error("its output cannot be read ({0})")]
    Output(OutputError),
}

/// Why the output of a helper was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// It printed more than it may.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The system refused.
    #[error("{0}")]
    Refused(io::ErrorKind),
}

/// Where programs are looked for and how long they may take.
#[derive(Debug, Clone)]
pub struct Launcher {
    path: Option<OsString>,
    timeout: Duration,
    /// Programs that took too long, for all copies of this launcher.
    given_up: GivenUp,
}

type GivenUp = Arc<Mutex<BTreeSet<PathBuf>>>;

/// What a helper printed before it ended.
pub struct Finished {
    /// Whether it ended with exit code 0.
    pub success: bool,
    /// Its standard output.
    pub stdout: SecretBytes,
    /// Its standard error, which may quote anything and so must not be shown as it is.
    pub stderr: SecretBytes,
}

impl Launcher {
    /// Programs are looked for along `path`, and killed after `timeout`.
    pub fn new(path: Option<OsString>, timeout: Duration) -> Self {
        Self { path, timeout, given_up: Arc::default() }
    }

    /// The moment by which `command`, started now, must be done.
    pub fn deadline(&self, command: &Command) -> Deadline {
        let (at, program) = (Instant::now() + self.timeout, PathBuf::from(command.get_program()));
        Deadline { at, timeout: self.timeout, program, given_up: Arc::clone(&self.given_up) }
    }

    /// Finds `program` as a shell would: a name with a slash is a path, any other is looked for along `PATH`.
    pub fn find(&self, program: &OsStr) -> Result<PathBuf, ChildError> {
        let directories = self.path.iter().flat_map(std::env::split_paths).filter(|d| d.is_absolute());
        let found = match program.as_bytes().contains(&b'/') {
            true => Some(PathBuf::from(program)),
            false => directories.map(|d| d.join(program)).find(|candidate| is_executable(candidate)),
        };
        let found = found.ok_or_else(|| ChildError::Missing(program.to_string_lossy().into_owned()))?;
        let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner).contains(&found);
        if given_up { Err(ChildError::GivenUp(self.timeout)) } else { Ok(found) }
    }

    /// `program`, not yet started, in a process group of its own and without any secret in its environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.process_group(0).env_remove("SOPS_AGE_KEY");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command
    }

    /// Runs `command` to its end with `input` on its standard input.
    pub fn run(&self, command: &mut Command, input: &[u8]) -> Result<Finished, ChildError> {
        let deadline = self.deadline(command);
        let mut running = Running::start(command)?;
        let (stdout, stderr) =
            (read_in_background(running.0.stdout.take()), read_in_background(running.0.stderr.take()));
        if let Some(mut stdin) = running.0.stdin.take() {
            let input = SecretBytes::copy_of(input);
            // A helper that does not read its input is not an error by itself.
            std::thread::spawn(move || stdin.write_all(input.expose()).ok());
        }
        let stdout = deadline.receive(&stdout)?.map_err(ChildError::Output)?;
        let stderr = deadline.receive(&stderr)?.map_err(ChildError::Output)?;
        let success = running.wait(&deadline)?;
        Ok(Finished { success, stdout, stderr })
    }
}

/// A moment in time after which a helper is given up.
pub struct Deadline {
    at: Instant,
    timeout: Duration,
    program: PathBuf,
    given_up: GivenUp,
}

impl Deadline {
    /// The next message of a background reader; a reader that is gone counts as end of output.
    pub fn receive<T>(&self, from: &Receiver<T>) -> Result<T, ChildError> {
        from.recv_timeout(self.at.saturating_duration_since(Instant::now())).map_err(|error| match error {
            RecvTimeoutError::Timeout => self.missed(),
            RecvTimeoutError::Disconnected => ChildError::Output(OutputError::Refused(io::ErrorKind::BrokenPipe)),
        })
    }

    /// The helper has taken too long and is not to be started again.
    fn missed(&self) -> ChildError {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).insert(self.program.clone());
        ChildError::TimedOut(self.timeout)
    }
}

/// A started helper; dropped, it is killed with all that it started itself.
pub struct Running(pub Child);

impl Running {
    /// Starts `command`, which [`Launcher::command`] made.
    pub fn start(command: &mut Command) -> Result<Self, ChildError> {
        command.spawn().map(Self).map_err(|error| {
            let program = PathBuf::from(command.get_program());
            match error.kind() {
                io::ErrorKind::NotFound => ChildError::Missing(program.to_string_lossy().into_owned()),
                problem => ChildError::Start { program, problem },
            }
        })
    }

    /// Waits for the end; true for exit code 0.
    pub(super) fn wait(&mut self, deadline: &Deadline) -> Result<bool, ChildError> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Ok(status.success()),
                Ok(None) if Instant::now() < deadline.at => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) => return Err(deadline.missed()),
                Err(error) => return Err(ChildError::Output(OutputError::Refused(error.kind()))),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // Not reaped yet, so the number is still its own; the group is, too (`process_group(0)`).
            if let Some(group) = rustix::process::Pid::from_raw(self.0.id().cast_signed()) {
                rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
            }
            self.0.kill().ok();
            self.0.wait().ok();
        }
    }
}

fn read_in_background(pipe: Option<impl Read + Send + 'static>) -> Receiver<Result<SecretBytes, OutputError>> {
    let (sender, receiver) = channel();
    if let Some(pipe) = pipe {
        std::thread::spawn(move || sender.send(bounded(pipe, OUTPUT_MAX_BYTES)));
    }
    receiver
}

/// Everything `input` gives, at most `limit` bytes.
fn bounded(mut input: impl Read, limit: usize) -> Result<SecretBytes, OutputError> {
    let mut bytes = SecretBuf::with_capacity(4096);
    let mut chunk = Zeroizing::new([0; 4096]);
    loop {
        let read = match input.read(chunk.as_mut_slice()) {
            Ok(0) => return Ok(bytes.finish()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(OutputError::Refused(error.kind())),
        };
        if bytes.len() + read > limit {
            return Err(OutputError::TooLarge { limit });
        }
        bytes.push(chunk.get(..read).unwrap_or_default());
    }
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launcher(timeout_ms: u64) -> Launcher {
        // Not /usr/bin: the sandbox of a Nix build has its tools elsewhere.
        let mut path = OsString::from("relative:/nowhere:");
        path.push(std::env::var_os("PATH").unwrap());
        Launcher::new(Some(path), Duration::from_millis(timeout_ms))
    }

    fn shell(launcher: &Launcher, script: &str, input: &[u8]) -> Result<Finished, ChildError> {
        let program = launcher.find(OsStr::new("sh")).unwrap();
        launcher.run(launcher.command(&program).args(["-c", script]), input)
    }

    #[test]
    fn input_goes_in_and_output_and_exit_code_come_out() {
        let done = shell(&launcher(60_000), "cat; echo err >&2; exit 3", &[b'x'; 300_000]).unwrap();
        assert_eq!((done.success, done.stdout.len(), done.stderr.expose()), (false, 300_000, &b"err\n"[..]));
        assert!(shell(&launcher(60_000), "exit 0", &[b'x'; 300_000]).unwrap().success);
    }

    #[test]
    fn no_key_is_in_the_environment_of_a_helper() {
        let command = launcher(1).command(Path::new("x"));
        assert!(command.get_envs().any(|(name, value)| name == "SOPS_AGE_KEY" && value.is_none()));
    }

    #[test]
    fn a_helper_that_hangs_is_killed_with_its_children() {
        let launcher = launcher(200);
        let error = shell(&launcher, "sleep 600 & sleep 600", b"").err().unwrap();
        assert_eq!(error, ChildError::TimedOut(Duration::from_millis(200)));
        let again = launcher.clone().find(OsStr::new("sh")).unwrap_err();
        assert_eq!(again, ChildError::GivenUp(Duration::from_millis(200)), "it is not waited for once more");
    }

    #[test]
    fn output_at_the_limit_is_taken_and_one_byte_more_is_an_error() {
        for (len, whole) in [(0, true), (5000, true), (5001, false)] {
            let read = bounded(io::repeat(0).take(len), 5000).map(|bytes| bytes.len() as u64);
            assert_eq!(read, if whole { Ok(len) } else { Err(OutputError::TooLarge { limit: 5000 }) });
        }
    }

    #[test]
    fn endless_output_and_missing_programs_are_errors() {
        let launcher = launcher(60_000);
        assert!(matches!(shell(&launcher, "exec cat /dev/zero", b""), Err(ChildError::Output(_))));
        assert!(matches!(launcher.find(OsStr::new("no-such-program")), Err(ChildError::Missing(_))));
        let missing = Running::start(&mut launcher.command(Path::new("/nowhere/x")));
        assert!(matches!(missing.err(), Some(ChildError::Missing(_))));
    }
}
