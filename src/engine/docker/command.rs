use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error as ApiError;
use bollard::exec::{StartExecOptions, StartExecResults};
use bollard::models::ExecConfig;
use bollard::query_parameters::AttachContainerOptionsBuilder;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Docker;
use super::error::Understood;
use crate::engine::{ContainerId, EngineError, ErrorKind, ExecOutput, ExecRequest, Result};

/// The most that is kept of the output.
const OUTPUT: usize = 16 * 1024;
/// How soon the engine is asked again whether the command has ended, when its output has.
const AGAIN: Duration = Duration::from_millis(10);

impl Docker {
    /// Runs a command in a container and waits for it. The engine has no way to end a command: one that takes too long runs on until it
    /// ends or its container does.
    pub(super) async fn run_in(&self, id: &ContainerId, request: ExecRequest) -> Result<ExecOutput> {
        let words = request.command.join(" ");
        let operation = format!("run `{words}`");
        let limit = request.timeout;
        match tokio::time::timeout(limit, self.run_command(&operation, id, request)).await {
            // It may have run, and may not have: that is for the caller to weigh, once the engine is there again.
            Ok(Err(error)) if error.is_of_contact() => {
                self.line.confirm().await?;
                Err(EngineError { kind: ErrorKind::Broken, ..error })
            }
            Ok(result) => result,
            Err(_) => {
                let message = format!("`{words}` has not ended within {limit:?}");
                Err(EngineError::new(ErrorKind::TimedOut, operation, message))
            }
        }
    }

    /// Gives a container's process what it reads, and its end.
    pub(super) async fn feed_process(&self, id: &ContainerId, input: Bytes) -> Result<()> {
        let operation = format!("feed container `{id}`");
        let options = AttachContainerOptionsBuilder::default().stdin(true).stream(true).build();
        let attached = self.api.attach_container(&id.0, Some(options)).await;
        let attached = match attached.map_err(|error| error.understood(&operation)) {
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) => return Ok(()),
            attached => attached?,
        };
        // One that ends does not read on, and need not.
        let _ = feed(attached.input, input).await;
        Ok(())
    }

    async fn run_command(&self, operation: &str, id: &ContainerId, request: ExecRequest) -> Result<ExecOutput> {
        let env: Vec<String> = request.env.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let config = ExecConfig {
            cmd: Some(request.command),
            attach_stdin: Some(request.stdin.is_some()),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            env: Some(env),
            working_dir: request.workdir,
            user: request.user,
            ..ExecConfig::default()
        };
        let made = self.api.create_exec(&id.0, config).await.map_err(|error| error.understood(operation))?;
        let started = match self.api.start_exec(&made.id, None::<StartExecOptions>).await {
            Err(ApiError::DockerResponseServerError { message, .. }) if message.contains("exec failed") => {
                return Ok(not_started(message));
            }
            result => result.map_err(|error| error.understood(operation))?,
        };
        let mut heard = Heard { apart: request.apart, told: ExecOutput::default() };
        if let StartExecResults::Attached { output: mut stream, input } = started {
            let listen = async {
                while let Some(piece) = stream.next().await {
                    heard.take(piece.map_err(|error| error.understood(operation))?);
                    if heard.told.is_cut {
                        break;
                    }
                }
                Ok(())
            };
            let fed = async {
                if let Some(stdin) = request.stdin {
                    // One that ends does not read on, and need not.
                    let _ = feed(input, stdin).await;
                }
            };
            tokio::pin!(listen);
            tokio::select! {
                biased;
                () = fed => listen.await?,
                heard = &mut listen => heard?,
            }
        }
        let mut told = heard.told;
        keep_end(&mut told.output);
        if told.is_cut {
            return Ok(told);
        }
        let mut pause = AGAIN;
        loop {
            let ask = || self.api.inspect_exec(&made.id);
            let asked = self.line.ask(operation, self.line.patience.ask, ask).await?;
            match asked.exit_code {
                Some(code) if asked.running != Some(true) => {
                    return Ok(ExecOutput { code: shell_code(code, &told.output), ..told });
                }
                _ => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }
}

/// What a command writes, as it comes.
struct Heard {
    apart: Option<usize>,
    told: ExecOutput,
}

impl Heard {
    fn take(&mut self, piece: LogOutput) {
        let is_error = matches!(piece, LogOutput::StdErr { .. });
        let bytes = piece.into_bytes();
        self.told.output.extend_from_slice(&bytes);
        // Cut now and then, not at every piece.
        if self.told.output.len() > 4 * OUTPUT {
            keep_end(&mut self.told.output);
        }
        let Some(most) = self.apart else { return };
        let stream = if is_error { &mut self.told.stderr } else { &mut self.told.stdout };
        let room = most.saturating_sub(stream.len());
        stream.extend_from_slice(&bytes[..room.min(bytes.len())]);
        self.told.is_cut |= bytes.len() > room;
    }
}

/// Gives a command all that it reads, and its end.
async fn feed(mut input: Pin<Box<dyn AsyncWrite + Send>>, bytes: Bytes) -> std::io::Result<()> {
    input.write_all(&bytes).await?;
    input.shutdown().await
}

/// The answer of newer engines for a command that cannot be started, in the form of the older ones: the runtime's words are output.
fn not_started(message: String) -> ExecOutput {
    let output = message.into_bytes();
    ExecOutput { code: shell_code(126, &output), stdout: output.clone(), output, ..ExecOutput::default() }
}

/// 127 for a program that is not there, as in a shell; older engines answer 126 for all that cannot be started.
fn shell_code(code: i64, output: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(output);
    let missing = ["executable file not found", "no such file or directory"].iter().any(|words| text.contains(words));
    if code == 126 && text.starts_with("OCI runtime exec failed") && missing { 127 } else { code }
}

fn keep_end(output: &mut Vec<u8>) {
    output.drain(..output.len().saturating_sub(OUTPUT));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_apart_from_one_that_may_not_run() {
        let failed = |cause: &str| format!("OCI runtime exec failed: exec failed: exec: \"x\": {cause}: unknown");
        assert_eq!(not_started(failed("executable file not found in $PATH")).code, 127);
        assert_eq!(not_started(failed("permission denied")).code, 126);
        assert_eq!(shell_code(126, b"executable file not found, says a program of the container"), 126);
        assert_eq!(shell_code(1, failed("no such file or directory").as_bytes()), 1);
    }

    #[test]
    fn the_end_of_the_output_is_kept() {
        let mut output: Vec<u8> = (0..40_000_u32).map(|index| (index % 251) as u8).collect();
        let end = output[40_000 - OUTPUT..].to_vec();
        keep_end(&mut output);
        assert_eq!(output, end);
        keep_end(&mut output);
        assert_eq!(output.len(), OUTPUT);
    }
}
