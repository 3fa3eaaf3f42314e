//! Codes about commands and scripts.

codes! {
    /// An installation of packages that waits for an answer.
    APT_WITHOUT_YES = "apt-without-yes", Warning;
    /// A process that is started in the background and never awaited.
    BACKGROUND_PROCESS = "background-process", Warning;
    /// A script of `sh` with what only bash has.
    BASHISM = "bashism", Warning;
    /// A script that ends with a change of directory.
    DIRECTORY_LOST = "directory-lost", Warning;
    /// A client of Docker inside a container.
    DOCKER_IN_STAGE = "docker-in-stage", Advice;
    /// A script from the network that is run as it comes.
    DOWNLOAD_INTO_SHELL = "download-into-shell", Advice;
    /// A script whose last command cannot fail.
    FAILURE_IGNORED = "failure-ignored", Advice;
    /// A value that is spliced into a script unquoted.
    HOLE_IN_SCRIPT = "hole-in-script", Advice;
    /// A program that wants a person at a terminal.
    INTERACTIVE_PROGRAM = "interactive-program", Warning;
    /// `sudo` in a container.
    NEEDLESS_SUDO = "needless-sudo", Advice;
    /// A pipeline whose last command passes whatever the others do.
    PIPE_HIDES_FAILURE = "pipe-hides-failure", Warning;
    /// A first line that names an interpreter that does not run.
    SHEBANG_IGNORED = "shebang-ignored", Warning;
    /// A command that only a shell has, without a shell.
    SHELL_BUILTIN = "shell-builtin", Error;
    /// A script that no shell can read.
    SHELL_SYNTAX = "shell-syntax", Error;
    /// A fixed time that stands for the readiness of something.
    SLEEP_AS_WAIT = "sleep-as-wait", Warning;
    /// A removal of a path that a variable begins, without quotes.
    UNQUOTED_REMOVAL = "unquoted-removal", Warning;
    /// A variable of a shell where no shell is.
    VARIABLE_NOT_EXPANDED = "variable-not-expanded", Warning;
    /// What shellcheck says of a script.
    SHELLCHECK = "shellcheck", Warning;
}
