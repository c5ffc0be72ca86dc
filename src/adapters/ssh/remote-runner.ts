import { findExcess } from '../../domain/command-size.ts';
import { RestageError } from '../../domain/errors.ts';
import type { RunRequest } from '../../domain/server.ts';
import { quoteWord } from './quote-word.ts';

/** Most bytes of output that one answer brings. */
const chunkBytes = 1_048_576;

/*
 * The run's folder is its identity: whoever makes it (mkdir is atomic) starts the command, everybody else looks on.
 * In it: `output`, `process` (pid, start time, boot, since, the command's pid), `exit` (its code), `stopped` (the mark of a stop). `process` and
 * `exit` are written as blanks at first, and then in place: a disk that fills up can't keep the end from being written.
 * Without a whole line in it a file counts as not written yet.
 */
const clocks = String.raw`
clock() {
  { read -r clock rest </proc/uptime; } 2>/dev/null && clock=${'$'}{clock%%.*} || clock=$(date +%s)
}
started() {
  born=
  if [ -r "/proc/$1/stat" ]; then
    read -r born <"/proc/$1/stat" || return
    set -- ${'$'}{born##*) }
    born=
    [ "$1" = Z ] || born=${'$'}{20}
  else
    born=$(ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _)
  fi
}
`;

/*
 * Stays beside the command, outlives TERM and the connection, and writes down how it ended; 9 is the way to whoever started it.
 * It is no process of its own making: to load a program for it takes as long as a short command. The command leads a group of
 * its own. exec: a builtin must not be run instead.
 */
const supervise = String.raw`
ownpid() {
  { read -r own rest </proc/self/stat; } 2>/dev/null || own=$(exec sh -c 'echo "$PPID"')
}
supervise() {
  cwd=$1 wanted=$2 count=$3
  shift 3
  clock
  ownpid
  started "$own"
  echo "$own $born $boot $clock -" 1<>"$dir/process"
  exec >>"$dir/output" 2>&1
  if cd "$cwd"; then
    (
      exec 9>&-
      umask "${'$'}{wanted:-$mask}"
      RESTAGE_RUN=$id
      export RESTAGE_RUN
      while [ "$count" -gt 0 ]; do export "$1"; shift; count=$((count - 1)); done
      [ ! -e "$dir/stopped" ] || exit 124
      exec $lead "$@"
    ) &
    child=$!
    echo "$own $born $boot $clock $child" 1<>"$dir/process"
    wait "$child"
    code=$?
    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
  else
    echo "restage: the directory $cwd does not exist on this server or cannot be entered; the command was not started"
    code=125
  fi
  [ ! -e "$dir/stopped" ] || code=124
  echo "$code" 1<>"$dir/exit"
  [ -s "$dir/output" ] && printed=some || printed=nothing
  echo "$nonce end $id $code $printed" 2>/dev/null >&9
}
`;

/*
 * Beside whatever else the shell does, since making the folder takes its time: so it answers by 2, in one piece, and leaves a
 * run that is there already to be looked at. What has a folder begins, even where nobody is left to hear the answer: the signals
 * are caught, not ignored, so that they end the command as they do everywhere.
 */
const start = String.raw`
prepare() { printf '' >"$dir/output" && printf "$blank" >"$dir/process" && printf "$blank" >"$dir/exit"; }
start() {
  key=$1 id=$2 dir=$runs/$2
  shift 2
  trap : TERM HUP PIPE
  if why=$(mkdir "$dir" 2>&1); then
    if prepare 2>/dev/null; then
      echo "$nonce $key starting - 0 0 0" >&2
      supervise "$@" 9>&2 2>/dev/null
    else
      why=$(prepare 2>&1)
      rm -f "$dir/output" "$dir/process" "$dir/exit"
      rmdir "$dir"
      refuse "nothing can be written below $runs, is the disk full? ($why)" >&2
    fi
  elif [ -d "$dir" ]; then echo "$nonce $key there - 0 0 0" >&2
  else refuse "$why" >&2
  fi
}
refuse() { printf '\n%s %s refused - 0 %s %s\n%s' "$nonce" "$key" "${'$'}{#1}" "${'$'}{#1}" "$1"; }
`;

/* That a run was lost makes people look after it: nobody is told so by a single look. */
const look = String.raw`
decide() {
  state=exit detail= age=0
  read -r detail <"$dir/exit" && return
  if ! read -r pid began booted since child <"$dir/process"; then
    [ -d "$dir" ] && state=starting || state=missing
    return
  fi
  clock
  age=$((clock - since))
  detail=rebooted
  if [ "$booted" = "$boot" ]; then
    detail=gone
    started "$pid"
    if [ -n "$born" ] && [ "$born" = "$began" ]; then state=running detail=; return; fi
  fi
  if read -r code <"$dir/exit"; then detail=$code
  elif [ -e "$dir/stopped" ]; then detail=124
  else state=lost
  fi
}
confirm() {
  decide
  tries=3
  while [ "$state" = lost ] && [ "$detail" = gone ] && [ "$tries" -gt 0 ]; do
    sleep 0.2 2>/dev/null || sleep 1
    decide
    tries=$((tries - 1))
  done
}
report() {
  confirm
  size=0
  [ ! -s "$dir/output" ] || size=$(wc -c <"$dir/output")
  size=$((size))
  count=$((size > offset ? size - offset : 0))
  [ "$count" -le ${chunkBytes} ] || count=${chunkBytes}
  printf '\n%s %s %s %s %s %s %s\n' "$nonce" "$key" "$state" "${'$'}{detail:--}" "$age" "$size" "$count"
  [ "$count" -eq 0 ] || tail -c "+$((offset + 1))" "$dir/output" | head -c "$count"
}
look() { key=$1 offset=$2 dir=$runs/$3; report; }
`;

/*
 * Ends the group of processes, and what left the group but still bears the run's mark. Without setsid there is no group of its
 * own: then only the command itself is ended. A run that has no folder yet gets one that says that it never
 * ran, so that it can't start any more; one that is just beginning is waited for.
 */
const stop = String.raw`
marked() { $as grep -lsxz "RESTAGE_RUN=$id" /proc/[0-9]*/environ 2>/dev/null | tr -cd '0-9\n'; }
signal() {
  $as kill "-$1" -- $target 2>/dev/null
  for one in $(marked); do $as kill "-$1" "$one" 2>/dev/null; done
}
living() {
  for one in $target; do $as kill -0 -- "$one" 2>/dev/null && return; done
  [ -n "$(marked)" ]
}
begun() {
  tries=20
  while read -r pid began booted since child <"$dir/process" && [ "$child" = - ] && [ "$tries" -gt 0 ]; do
    read -r detail <"$dir/exit" && break
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries - 1))
  done
}
waitout() {
  tries=$(($1 * 10))
  while [ "$tries" -gt 0 ] && living; do
    sleep 0.1 2>/dev/null || { sleep 1; tries=$((tries - 9)); }
    tries=$((tries - 1))
  done
}
stop() {
  key=$1 id=$2 dir=$runs/$2 grace=$3 as=$4 target=
  if mkdir "$dir" 2>/dev/null; then
    printf '' >"$dir/output"
    echo never >"$dir/exit"
  else
    read -r detail <"$dir/exit" || printf '' >"$dir/stopped"
    begun
    if read -r pid began booted since child <"$dir/process" && [ "$booted" = "$boot" ]; then
      started "$pid"
      [ -z "$born" ] || [ "$born" != "$began" ] || [ "$child" = - ] || target=$child
      [ -z "$target" ] || [ -z "$lead" ] || target="-$target $target"
    fi
    signal TERM
    waitout "$grace"
    ! living || { signal KILL; waitout 5; }
  fi
  living && left=left || left=none
  echo "$nonce $key stopped $left 0 0 0" >&2
}
`;

/* Only what a run leaves is removed, and only once it has ended: a folder that holds anything else stays. */
const prune = String.raw`
prune() {
  key=$1
  shift
  for id; do
    dir=$runs/$id
    decide
    case $state in
      exit | lost) rm -f "$dir/output" "$dir/process" "$dir/exit" "$dir/stopped"; rmdir "$dir" ;;
    esac
  done 2>/dev/null
  printf '\n%s %s pruned - 0 0 0\n' "$nonce" "$key"
}
`;

/**
 * The shell text that makes a POSIX shell (dash, busybox, bash), which reads its commands from its input, ready for the
 * calls below. It replies to the call `hello`. Keeps runs in `runFolder`; below the user's home if that is `null`.
 */
export function buildPreamble(nonce: string, runFolder: string | null): string {
  const runs = runFolder === null ? '$HOME/.local/state/restage/runs' : quoteWord(runFolder);
  return String.raw`${clocks}${supervise}${start}${look}${stop}${prune}
nonce=${nonce} runs=${runs}
blank='                                                                                                    '
mask=$(umask)
umask 077
boot=$({ cat /proc/sys/kernel/random/boot_id || sysctl -n kern.boottime || echo none; } 2>/dev/null | tr -s ' ' _)
command -v setsid >/dev/null 2>&1 && lead=setsid || lead=
key=hello
if why=$(mkdir -p "$runs" 2>&1); then printf '\n%s %s ready - 0 0 0\n' "$nonce" "$key"; else refuse "$why"; fi
`;
}

/** A call of the shell: what its answer will be known by, and the text. */
export type Call = (key: string) => string;

/**
 * Starts the run, unless it is `there`: then it is only to be looked at.
 * @throws RestageError `server-refused` for what cannot be run safely.
 */
export function callStart(request: RunRequest): Call {
  checkRequest(request);
  const { id, cwd, argv } = request;
  const variables = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
  const words = [id, cwd, request.umask ?? '', String(variables.length), ...variables, ...argv];
  return (key) => callBeside('start', [key, ...words]);
}

/** Only reports. */
export function callLook(id: string, offset: number): Call {
  return (key) => call('look', [key, String(offset), id]);
}

/**
 * Ends a run with TERM, and after the grace with KILL; beside whatever else the shell does. By sudo, where it runs by sudo:
 * processes of another user take signals from nobody else. Answers whether anything is `left`, or `none`.
 */
export function callStop(id: string, graceMs: number, bySudo: boolean): Call {
  const graceS = String(Math.ceil(graceMs / 1000));
  const as = bySudo ? 'sudo -n' : '';
  return (key) => callBeside('stop', [key, id, graceS, as]);
}

/** Removes the folders of runs that have ended. */
export function callPrune(ids: readonly string[]): Call {
  return (key) => call('prune', [key, ...ids]);
}

/** In braces, so that a text that was cut off on its way does nothing at all. */
function call(name: string, parameters: readonly string[]): string {
  return `{\n${name} ${parameters.map(quoteWord).join(' ')}\n}\n`;
}

/** In a process of its own, which answers by the channel's second stream: the first is the shell's own. */
function callBeside(name: string, parameters: readonly string[]): string {
  return `{\n${name} ${parameters.map(quoteWord).join(' ')} </dev/null >/dev/null &\n}\n`;
}

function checkRequest({ id, argv, cwd, env, umask }: RunRequest): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/.test(id))
    throw refuse('the run’s id must be made of letters, digits, dots and dashes');
  if (!argv[0] || argv[0].startsWith('-')) throw refuse('the command has no program');
  if (!cwd.startsWith('/')) throw refuse(`the directory ${JSON.stringify(cwd)} is not absolute`);
  if (umask !== undefined && !/^0?[0-7]{3}$/.test(umask))
    throw refuse(`${JSON.stringify(umask)} is no umask`);
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw refuse(`${JSON.stringify(name)} is no name for an environment variable`);
    if (value.includes('\0')) throw refuse(`the environment variable ${name} holds a NUL character`);
  }
  if ([cwd, ...argv].some((argument) => argument.includes('\0')))
    throw refuse('an argument holds a NUL character');
  const excess = findExcess(argv);
  if (excess !== null) throw refuse(excess);
}

function refuse(why: string): RestageError {
  return new RestageError('server-refused', `The command was not sent: ${why}.`);
}
