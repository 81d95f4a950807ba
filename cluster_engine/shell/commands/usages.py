"""What commands say to `--help` and `--version`, and how BusyBox reminds of its usage."""

from __future__ import annotations

from functools import cache

BUSYBOX_BANNER = "BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary."
COREUTILS = "(GNU coreutils) 9.1"

#: A command's synopsis ("|": goes on) and, indented, what it does. GNU's words, then BusyBox'.
_GNU = """\
base64 [OPTION]... [FILE]
  Base64 encode or decode FILE, or standard input.
basename NAME [SUFFIX]
  Print NAME with any leading directory components removed.
cat [OPTION]... [FILE]...
  Concatenate FILE(s) to standard output.
chmod [OPTION]... MODE[,MODE]... FILE...
  Change the mode of each FILE to MODE.
chown [OPTION]... [OWNER][:[GROUP]] FILE...
  Change the owner and/or group of each FILE.
cp [OPTION]... [-T] SOURCE DEST
  Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.
cut OPTION... [FILE]...
  Print selected parts of lines from each FILE to standard output.
date [OPTION]... [+FORMAT]
  Display date and time in the given FORMAT.
df [OPTION]... [FILE]...
  Show information about the file system on which each FILE resides.
dirname [OPTION] NAME...
  Output each NAME with its last non-slash component removed.
du [OPTION]... [FILE]...
  Summarize device usage of the set of FILEs.
expand [OPTION]... [FILE]...
  Convert tabs in each FILE to spaces.
find [path...] [expression]
  Search for files in a directory hierarchy.
fold [OPTION]... [FILE]...
  Wrap input lines in each FILE.
free [options]
  Display the amount of free and used memory.
grep [OPTION]... PATTERNS [FILE]...
  Search for PATTERNS in each FILE.
gzip [OPTION]... [FILE]...
  Compress or uncompress FILEs (by default, compress in-place).
head [OPTION]... [FILE]...
  Print the first 10 lines of each FILE to standard output.
id [OPTION]... [USER]...
  Print user and group information.
join [OPTION]... FILE1 FILE2
  Join lines of two files on a common field.
ln [OPTION]... [-T] TARGET LINK_NAME
  Make links between files.
ls [OPTION]... [FILE]...
  List information about the FILEs (the current directory by default).
mkdir [OPTION]... DIRECTORY...
  Create the DIRECTORY(ies), if they do not already exist.
mktemp [OPTION]... [TEMPLATE]
  Create a temporary file or directory, safely, and print its name.
mv [OPTION]... [-T] SOURCE DEST
  Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.
nl [OPTION]... [FILE]...
  Write each FILE to standard output, with line numbers added.
nproc [OPTION]...
  Print the number of processing units available.
paste [OPTION]... [FILE]...
  Write lines consisting of the sequentially corresponding lines.
ps [options]
  Report a snapshot of the current processes.
readlink [OPTION]... FILE...
  Print value of a symbolic link or canonical file name.
realpath [OPTION]... FILE...
  Print the resolved absolute file name.
rm [OPTION]... [FILE]...
  Remove (unlink) the FILE(s).
rmdir [OPTION]... DIRECTORY...
  Remove the DIRECTORY(ies), if they are empty.
sed [OPTION]... {script-only-if-no-other-script} [input-file]...
seq [OPTION]... FIRST INCREMENT LAST
  Print numbers from FIRST to LAST, in steps of INCREMENT.
shuf [OPTION]... [FILE]
  Write a random permutation of the input lines.
sleep NUMBER[SUFFIX]...
  Pause for NUMBER seconds.
sort [OPTION]... [FILE]...
  Write sorted concatenation of all FILE(s) to standard output.
split [OPTION]... [FILE [PREFIX]]
  Output pieces of FILE to PREFIXaa, PREFIXab, ...
stat [OPTION]... FILE...
  Display file or file system status.
tac [OPTION]... [FILE]...
  Write each FILE to standard output, last line first.
tail [OPTION]... [FILE]...
  Print the last 10 lines of each FILE to standard output.
tar [OPTION...] [FILE]...
  Save many files together into a single archive, and restore them.
tee [OPTION]... [FILE]...
  Copy standard input to each FILE, and also to standard output.
timeout [OPTION] DURATION COMMAND [ARG]...
  Start COMMAND, and kill it after DURATION.
touch [OPTION]... FILE...
  Update the access and modification times of each FILE.
tr [OPTION]... STRING1 [STRING2]
  Translate, squeeze, and/or delete characters.
truncate OPTION... FILE...
  Shrink or extend the size of each FILE to the specified size.
uname [OPTION]...
  Print certain system information.
unexpand [OPTION]... [FILE]...
  Convert blanks in each FILE to tabs.
uniq [OPTION]... [INPUT [OUTPUT]]
  Filter adjacent matching lines from INPUT.
wc [OPTION]... [FILE]...
  Print newline, word, and byte counts for each FILE.
xargs [OPTION]... COMMAND [INITIAL-ARGS]...
  Run COMMAND with arguments from standard input.
"""
_BUSYBOX = """\
awk [OPTIONS] [AWK_PROGRAM] [FILE]...
basename FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...
  Strip directory path and SUFFIX from FILE
cat [-nbvteA] [FILE]...
  Print FILEs to stdout
chmod [-Rcvf] MODE[,MODE]... FILE...
  MODE is octal number (bit pattern sstrwxrwxrwx) or [ugoa]{+|-|=}[rwxXst]
chown [-Rhcvf]... USER[:[GRP]] FILE...
  Change the owner and/or group of FILEs to USER and/or GRP
cp [-arPLHpfinlsTu] SOURCE DEST
| or: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }
  Copy SOURCEs to DEST
cut [OPTIONS] [FILE]...
  Print selected fields from FILEs to stdout
date [OPTIONS] [+FMT] [[-s] TIME]
  Display time (using +FMT), or set time
df [-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...
  Print filesystem usage statistics
dirname FILENAME
  Strip non-directory suffix from FILENAME
du [-aHLdclsxhmk] [FILE]...
  Summarize disk space used for FILEs (or directories)
find [-HL] [PATH]... [OPTIONS] [ACTIONS]
  Search for files and perform actions on them.
grep [-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...
  Search for PATTERN in FILEs (or stdin)
head [OPTIONS] [FILE]...
  Print first 10 lines of FILEs (or stdin).
kill [-l] [-SIG] PID...
  Send a signal (default: TERM) to given PIDs
killall [-lq] [-SIG] PROCESS_NAME...
  Send a signal (default: TERM) to given processes
ln [-sfnbtv] [-S SUF] TARGET... LINK|DIR
  Create a link LINK or DIR/TARGET to the specified TARGET(s)
ls [-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...
  List directory contents
mkdir [-m MODE] [-p] DIRECTORY...
  Create DIRECTORY
mv [-finT] SOURCE DEST
| or: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }
  Rename SOURCE to DEST, or move SOURCEs to DIRECTORY
nc [OPTIONS] HOST PORT  - connect
| nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen
nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]
  Query DNS about HOST
ping [OPTIONS] HOST
  Send ICMP ECHO_REQUESTs to HOST
ps [-o COL1,COL2=HEADER]
  Show list of processes
readlink [-fnv] FILE
  Display the value of a symlink
rm [-irf] FILE...
  Remove (unlink) FILEs
rmdir [-p] DIRECTORY...
  Remove DIRECTORY if it is empty
sed [-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...
| or: sed [-i[SFX]] [-nrE] CMD [FILE]...
seq [-w] [-s SEP] [FIRST [INC]] LAST
  Print numbers from FIRST to LAST, in steps of INC.
sleep [N]...
  Pause for a time equal to the total of the args given
sort [-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...
  Sort lines of text
stat [-ltf] [-c FMT] FILE...
  Display file (default) or filesystem status
tail [OPTIONS] [FILE]...
  Print last 10 lines of FILEs (or stdin) to.
tar c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...
  Create, extract, or list files from a tar file
tee [-ai] [FILE]...
  Copy stdin to each FILE, and also to stdout
timeout [-s SIG] [-k KILL_SECS] SECS PROG ARGS
  Run PROG. Send SIG to it if it is not gone in SECS seconds.
touch [-cham] [-d DATE] [-t DATE] [-r FILE] FILE...
  Update mtime of FILEs
tr [-cds] STRING1 [STRING2]
  Translate, squeeze, or delete characters from stdin, writing to stdout
truncate [-c] -s SIZE FILE...
  Truncate FILEs to SIZE
uniq [-cduiz] [-f,s,w N] [FILE [OUTFILE]]
  Discard duplicate lines
wc [-cmlwL] [FILE]...
  Count lines, words, and bytes for FILEs (or stdin)
wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [-P DIR] [-S] [-U STR] [-Y] URL...
  Retrieve files via HTTP or FTP
xargs [OPTIONS] [PROG ARGS]
  Run PROG on every item given by stdin
"""
_NOT_COREUTILS = frozenset(("find", "free", "grep", "gzip", "ps", "sed", "tar", "xargs"))
#: They say it before the hint.
_WITH_SYNOPSIS = frozenset(("grep", "sed"))
_VERSIONS = {
    "awk": "mawk 1.3.4 20200120",
    "find": "find (GNU findutils) 4.9.0",
    "free": "free from procps-ng 4.0.2",
    "grep": "grep (GNU grep) 3.8",
    "gzip": "gzip 1.12",
    "ps": "ps from procps-ng 4.0.2",
    "sed": "sed (GNU sed) 4.9",
    "tar": "tar (GNU tar) 1.34",
    "xargs": "xargs (GNU findutils) 4.9.0",
}


@cache
def _usages(table: str) -> dict[str, tuple[str, str]]:
    """Synopsis and purpose of each command of a table."""
    found: dict[str, tuple[str, str]] = {}
    name = ""
    for line in table.splitlines():
        if line.startswith("| "):
            found[name] = (f"{found[name][0]}\n{line[2:]}", "")
        elif line.startswith("  "):
            synopsis, does = found[name]
            found[name] = (synopsis, f"{does} {line[2:]}".lstrip())
        else:
            name = line.split()[0]
            found[name] = (line, "")
    return found


def usage_text(name: str, *, is_busybox: bool, title: str = "") -> str:
    """What follows the complaint about a wrong call."""
    if not is_busybox:
        hint = f"Try '{title or name} --help' for more information.\n"
        return f"Usage: {_usages(_GNU)[name][0]}\n{hint}" if name in _WITH_SYNOPSIS else hint
    synopsis, does = _usages(_BUSYBOX).get(name) or _usages(_GNU).get(name, (name, ""))
    text = f"{BUSYBOX_BANNER}\n\nUsage: {synopsis}\n"
    return text + (f"\n{does}\n" if does else "")


def help_text(arguments: list[str], *, is_busybox: bool) -> str | None:
    """What to print instead of running, when help or the version was asked for."""
    if len(arguments) != 2 or not arguments[1].startswith("--"):
        return None
    name, word = arguments[0].rpartition("/")[2], arguments[1]
    known = _usages(_GNU)
    if word == "--help" and (name in known or (is_busybox and name in _usages(_BUSYBOX))):
        if is_busybox:
            return usage_text(name, is_busybox=True)
        synopsis, does = known[name]
        return f"Usage: {synopsis}\n" + (f"{does}\n" if does else "")
    if word == "--version" and not is_busybox:
        if name in known and name not in _NOT_COREUTILS:
            return f"{name} {COREUTILS}\n"
        return f"{_VERSIONS[name]}\n" if name in _VERSIONS else None
    return None
