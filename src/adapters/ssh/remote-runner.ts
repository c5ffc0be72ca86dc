import { RestageError } from '../../domain/errors.ts';
import type { RunRequest } from '../../domain/server.ts';
import { findExcess } from '../../domain/command-size.ts';

/** Most bytes of output that one poll brings. */
const chunkBytes = 1_048_576;

/*
 * The run's folder is its identity: whoever makes it (mkdir is atomic) starts the command, everybody else looks on.
 * In it: `process` (pid, start time, boot, epoch), `output`, `exit` (written by rename), `stopped` (a timeout's mark).
 */
const functions = String.raw`
boot() { cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.boottime 2>/dev/null || echo none; }
started() {
  if [ -r "/proc/$1/stat" ]; then
    read -r stat <"/proc/$1/stat" || return
    set -- ${'$'}{stat##*) }
    [ "$1" = Z ] || echo "${'$'}{20}"
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _
  fi
}
`;

/* Stays beside the command, outlives TERM, and writes down how it ended. exec: a builtin must not be run instead. */
const wrapper = String.raw`${functions}
dir=$1 cwd=$2 mask=$3 count=$4
shift 4
trap : TERM
echo "$$ $(started $$) $(boot | tr -s ' ' _) $(date +%s)" >"$dir/process.new" && mv "$dir/process.new" "$dir/process"
exec >>"$dir/output" 2>&1
if cd "$cwd"; then
  (
    umask "$mask"
    while [ "$count" -gt 0 ]; do export "$1"; shift; count=$((count - 1)); done
    exec "$@"
  ) &
  child=$!
  echo "$child" >"$dir/child"
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
else
  echo "restage: the directory $cwd does not exist on this server or cannot be entered; the command was not started"
  code=125
fi
[ ! -e "$dir/stopped" ] || code=124
echo "$code" >"$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
`;

const start = String.raw`
mask=$(umask)
umask 077
runs=$HOME/.local/state/restage/runs dir=$HOME/.local/state/restage/runs/$1 nonce=$2 offset=$3
shift 3
mkdir -p "$runs" || exit 71
if mkdir "$dir" 2>/dev/null; then
  : >"$dir/output"
  cwd=$1
  shift
  if command -v setsid >/dev/null 2>&1; then detach=setsid; else detach=nohup; fi
  $detach sh -c WRAPPER restage "$dir" "$cwd" "$mask" "$@" </dev/null >/dev/null 2>&1 &
elif [ ! -d "$dir" ]; then
  echo "cannot make $dir" >&2
  exit 71
fi
`;

const report = String.raw`
decide() {
  state=exit detail= age=0
  if [ -e "$dir/exit" ]; then read -r detail <"$dir/exit"; return; fi
  if [ ! -e "$dir/process" ]; then state=starting; return; fi
  read -r pid born booted since <"$dir/process"
  age=$(($(date +%s) - since))
  if [ "$booted" = "$(boot | tr -s ' ' _)" ]; then
    detail=gone
    if [ "$(started "$pid")" = "$born" ]; then state=running detail=; return; fi
  else
    detail=rebooted
  fi
  if [ -e "$dir/exit" ]; then read -r detail <"$dir/exit"
  elif [ -e "$dir/stopped" ]; then detail=124
  else state=lost
  fi
}
[ -d "$dir" ] || { printf '\n%s missing - 0 0 0\n' "$nonce"; exit 0; }
decide
size=$(wc -c <"$dir/output" 2>/dev/null) || size=0
size=$((size))
count=$((size > offset ? size - offset : 0))
[ "$count" -le ${chunkBytes} ] || count=${chunkBytes}
printf '\n%s %s %s %s %s %s\n' "$nonce" "$state" "${'$'}{detail:--}" "$age" "$size" "$count"
[ "$count" -eq 0 ] || tail -c "+$((offset + 1))" "$dir/output" | head -c "$count"
`;

/* Only a group of the runner's own is ended as a whole; without setsid it may be somebody else's. */
const stop = String.raw`${functions}
dir=$HOME/.local/state/restage/runs/$1
[ ! -e "$dir/exit" ] && read -r pid born booted since <"$dir/process" || exit 0
[ "$booted" = "$(boot | tr -s ' ' _)" ] && [ "$(started "$pid")" = "$born" ] || exit 0
: >"$dir/stopped"
target=-$pid
kill -0 "$target" 2>/dev/null || read -r target <"$dir/child" || exit 0
kill -TERM "$target" 2>/dev/null
tries=0
while kill -0 "$target" 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -gt 10 ]; then kill -KILL "$target" 2>/dev/null; break; fi
  sleep 1
done
exit 0
`;

/** How far a run is, as the server says. `size` is all output there is; `output` what of it came with this answer. */
export interface RunReport {
  readonly state: 'starting' | 'running' | 'exit' | 'lost' | 'missing';
  /** The exit code; for a lost run `gone` or `rebooted`. */
  readonly detail: string;
  readonly ageS: number;
  readonly size: number;
  readonly output: Buffer;
}

/**
 * The shell text that starts the run, or attaches to it, and reports. Clean for POSIX sh (dash, busybox, bash).
 * @throws RestageError `server-refused` for what cannot be run safely.
 */
export function buildStartScript(request: RunRequest, nonce: string, offset: number): string {
  checkRequest(request);
  const variables = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
  const script = functions + start.replace('WRAPPER', () => quoteWord(wrapper)) + report;
  const parameters = [request.id, nonce, String(offset), request.cwd, String(variables.length), ...variables];
  return callScript(script, [...parameters, ...request.argv]);
}

/** The shell text that only reports. */
export function buildReportScript(id: string, nonce: string, offset: number): string {
  const script = String.raw`${functions}dir=$HOME/.local/state/restage/runs/$1 nonce=$2 offset=$3${report}`;
  return callScript(script, [id, nonce, String(offset)]);
}

/** The shell text that ends a run with TERM, and after ten seconds with KILL; its exit code is 124 then. */
export function buildStopScript(id: string): string {
  return callScript(stop, [id]);
}

/** Finds the report in what the server printed: login files may print something before it. null: there is none. */
export function readReport(stdout: Buffer, nonce: string): RunReport | null {
  const at = stdout.indexOf(`\n${nonce} `);
  const end = stdout.indexOf('\n', at + 1);
  if (at === -1 || end === -1) return null;
  const [, state, detail = '', age, size, count] = stdout.toString('latin1', at + 1, end).split(' ');
  if (!isState(state)) return null;
  const output = stdout.subarray(end + 1, end + 1 + Number(count));
  if (output.length !== Number(count)) return null;
  return { state, detail, ageS: Number(age), size: Number(size), output };
}

function isState(state: string | undefined): state is RunReport['state'] {
  return state !== undefined && ['starting', 'running', 'exit', 'lost', 'missing'].includes(state);
}

function checkRequest({ id, argv, cwd, env }: RunRequest): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/.test(id))
    throw refuse('the run’s id must be made of letters, digits, dots and dashes');
  if (!argv[0] || argv[0].startsWith('-')) throw refuse('the command has no program');
  if (!cwd.startsWith('/')) throw refuse(`the directory ${JSON.stringify(cwd)} is not absolute`);
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

/** In a function, so that a text that was cut off on its way does nothing at all. */
function callScript(script: string, parameters: readonly string[]): string {
  return `restage() {\n${script}\n}\nrestage ${parameters.map(quoteWord).join(' ')}\n`;
}

function quoteWord(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
