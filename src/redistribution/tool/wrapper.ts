import { readScript } from './shell-script.ts';
import { type FlagSyntax, scanFlags, type Token } from './scan-flags.ts';

/** A command that another one runs. */
export interface Wrapped {
  readonly argv: readonly string[];
  /** Returns the whole command with another one in its place. */
  readonly wrap: (argv: readonly string[]) => readonly string[];
}

interface Wrapper {
  /** Flags that take a value, as written. */
  readonly valued: string;
  /** Number of its own arguments before the command. */
  readonly operands?: number;
  /** Whether `NAME=value` may stand before the command. */
  readonly assigns?: boolean;
  /** Flags with which the command stands elsewhere. */
  readonly elsewhere?: string;
}

/** Programs that run the command in their arguments as it stands there. sudo(8), doas(1), coreutils, util-linux. */
const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valued:
      '-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -r --role -t --type -T --command-timeout -U --other-user -R --chroot',
    assigns: true,
    elsewhere: '-e --edit -l --list -v --validate',
  },
  doas: { valued: '-u -C' },
  env: { valued: '-u --unset -C --chdir', assigns: true, elsewhere: '-S --split-string' },
  timeout: { valued: '-k --kill-after -s --signal', operands: 1 },
  nice: { valued: '-n --adjustment' },
  ionice: { valued: '-c --class -n --classdata', elsewhere: '-p --pid -P --pgid -u --uid' },
  chrt: { valued: '-T --sched-runtime -P --sched-period -D --sched-deadline', operands: 1 },
  taskset: { valued: '', operands: 1, elsewhere: '-p --pid' },
  flock: { valued: '-w --wait --timeout -E --conflict-exit-code', operands: 1, elsewhere: '-c --command' },
  stdbuf: { valued: '-i --input -o --output -e --error' },
  time: { valued: '-f --format -o --output' },
  runuser: { valued: '-u --user -g --group -G --supp-group', elsewhere: '-c --command --session-command' },
  sshpass: { valued: '-p -f -d -P' },
  unbuffer: { valued: '' },
  nohup: { valued: '' },
  setsid: { valued: '' },
  chronic: { valued: '' },
};
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh', 'ash']);
const deepest = 8;

/**
 * Looks through programs that only run another command (`sudo`, `timeout`, `bash -c`), down to the one that does the
 * work. Returns the command itself where nothing wraps it, and where what it runs is not readable. `isKnown` selects one of
 * several commands in a shell's script is meant.
 */
export function unwrap(
  argv: readonly string[],
  isKnown: (argv: readonly string[]) => boolean,
  depth = deepest,
): Wrapped {
  const inner = depth === 0 ? null : unwrapOnce(argv, isKnown, depth);
  if (!inner) return { argv, wrap: (other) => other };
  const { argv: found, wrap } = unwrap(inner.argv, isKnown, depth - 1);
  return { argv: found, wrap: (other) => inner.wrap(wrap(other)) };
}

export function programOf(argv: readonly string[]): string {
  return argv[0]?.split('/').at(-1) ?? '';
}

function unwrapOnce(
  argv: readonly string[],
  isKnown: (argv: readonly string[]) => boolean,
  depth: number,
): Wrapped | null {
  const program = programOf(argv);
  if (shells.has(program)) return unwrapShell(argv, (one) => isKnown(unwrap(one, isKnown, depth - 1).argv));
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined;
  if (!wrapper) return null;
  const at = findCommand(argv, wrapper);
  return at === null ? null : { argv: argv.slice(at), wrap: (other) => [...argv.slice(0, at), ...other] };
}

/** Returns the index at which the wrapped command begins; `null` if there is none, or it stands elsewhere. */
function findCommand(argv: readonly string[], wrapper: Wrapper): number | null {
  const syntax: FlagSyntax = { valued: words(wrapper.valued), endsAtArgument: true };
  const elsewhere = words(wrapper.elsewhere ?? '');
  let operands = wrapper.operands ?? 0;
  let at = 1;
  for (const { kind, name, args } of scanFlags(argv, syntax)) {
    if (kind === 'flag' && elsewhere.has(name)) return null;
    const isOwn = kind === 'flag' || args[0] === '--';
    const isAssignment = wrapper.assigns === true && /^\w+=/.test(args[0] ?? '');
    if (!isOwn && !isAssignment && operands-- <= 0) return at;
    at += args.length;
  }
  return null;
}

/** `bash -c SCRIPT`: the one command of the script that is meant, where the script can be read. */
function unwrapShell(argv: readonly string[], isMeant: (argv: readonly string[]) => boolean): Wrapped | null {
  const at = findScript(argv);
  const script = at === null ? null : readScript(argv[at] ?? '');
  const meant = script?.filter(({ words: one }) => isMeant(one)) ?? [];
  const [only] = meant;
  if (!only || meant.length > 1) return null;
  return {
    argv: only.words,
    wrap: (other) => argv.map((argument, index) => (index === at ? only.replace(other) : argument)),
  };
}

/** Returns the index of a shell's script; `null` if it has none, or a flag with a long name. */
function findScript(argv: readonly string[]): number | null {
  const tokens = scanShell(argv);
  const before = tokens.findIndex(({ kind, args }) => kind === 'argument' && args[0] !== '--');
  const hasLongFlag = tokens.some(({ name }) => name.startsWith('--'));
  if (!tokens.some(isCommandFlag) || hasLongFlag || before === -1) return null;
  return 1 + tokens.slice(0, before).reduce((sum, { args }) => sum + args.length, 0);
}

function scanShell(argv: readonly string[]): readonly Token[] {
  return scanFlags(argv, { valued: words('-o -O +o +O'), endsAtArgument: true });
}

function isCommandFlag({ kind, name, cluster }: Token): boolean {
  return kind === 'flag' && /^-[a-z]*$/i.test(name) && `${cluster}${name}`.includes('c');
}

/** The commands of a script; `null` if the shell decides something when it runs. */
export type ScriptCommands = readonly (readonly string[])[] | null;

/**
 * Returns the commands of the script in a command's arguments, also behind `sudo` or `timeout`: `bash -c SCRIPT`. Returns
 * `undefined` for a command without one; a script in a file is a program like any other.
 */
export function commandsOfScript(argv: readonly string[]): ScriptCommands | undefined {
  const { argv: inner } = unwrap(argv, () => false);
  if (!shells.has(programOf(inner)) || !scanShell(inner).some(isCommandFlag)) return undefined;
  const at = findScript(inner);
  return at === null ? null : (readScript(inner[at] ?? '')?.map(({ words: one }) => one) ?? null);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
