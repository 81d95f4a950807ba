"""`kubectl completion`: the console's shell completes kubectl's words by itself."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import UsageError
from cluster_engine.kubectl.session import Session

_SHELLS = ("bash", "zsh", "fish", "powershell")


def run(session: Session) -> int:
    if not session.arguments:
        raise UsageError("Shell not specified.", session.command)
    if len(session.arguments) > 1:
        raise UsageError("Too many arguments. Expected only the shell type.", session.command)
    shell = session.arguments[0]
    if shell not in _SHELLS:
        raise UsageError(f'Unsupported shell type "{shell}".', session.command)
    session.out(f"# {shell}: this console completes kubectl's words with the TAB key as it is.")
    return 0


COMMAND = Command(
    name="completion",
    short="Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
    usage="SHELL",
    long="""Output shell completion code for the specified shell (bash, zsh, fish, or \
powershell). The shell of this console completes kubectl's words with the TAB key as it is; the \
output is a comment, so that a line such as 'source <(kubectl completion bash)' does no harm.""",
    run=run,
)
