import { onceForEach } from './once-for-each.ts';

/** How a program reads its arguments. */
export interface FlagSyntax {
  /** Flags that take a value, as written: `-w`, `--limit`. */
  readonly valued: ReadonlySet<string>;
  /** Whether flags end at the first argument that is none. */
  readonly endsAtArgument: boolean;
  /** Flags after which arguments follow, and then flags again. */
  readonly argumentsFollow?: ReadonlySet<string>;
}

/** One or two arguments that belong together. */
export interface Token {
  readonly args: readonly string[];
  readonly kind: 'argument' | 'flag';
  /** `--limit` or `-w`; of a cluster (`-bw`) the last letter. */
  readonly name: string;
  /** Letters of a cluster before that one. */
  readonly cluster: string;
  readonly value: string | null;
}

/** The arguments after the program, grouped, as getopt_long reads them. */
export function scanFlags(argv: readonly string[], syntax: FlagSyntax): Token[] {
  const tokens: Token[] = [];
  let ended = false;
  let following = false;
  for (let at = 1; at < argv.length; ) {
    const argument = argv[at] ?? '';
    const token: Token =
      ended || argument === '-' || !argument.startsWith('-')
        ? plain(argument)
        : argument.startsWith('--')
          ? readLong(argument, argv[at + 1], syntax)
          : readCluster(argument, argv[at + 1], syntax);
    tokens.push(token);
    following ||= syntax.argumentsFollow?.has(token.name) ?? false;
    ended ||= argument === '--' || (token.kind === 'argument' && syntax.endsAtArgument && !following);
    at += token.args.length;
  }
  return tokens;
}

/** Returns a scanner for one program's arguments, which scans each command once. */
export function createScanner(syntax: FlagSyntax): (argv: readonly string[]) => readonly Token[] {
  return onceForEach((argv) => scanFlags(argv, syntax));
}

/** Returns whether one of the flags is among the tokens. */
export function hasFlag(tokens: readonly Token[], flags: ReadonlySet<string>): boolean {
  return tokens.some((token) => flagsOf(token).some((flag) => flags.has(flag)));
}

/** All flags of a token: `-avn` is three. */
export function flagsOf({ kind, name, cluster }: Token): string[] {
  if (kind === 'argument') return [];
  return [...cluster.split('').map((letter) => `-${letter}`), name];
}

/** The arguments again, without the program. */
export function joinTokens(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ args }) => args);
}

function plain(argument: string): Token {
  return { args: [argument], kind: 'argument', name: '', cluster: '', value: null };
}

function readLong(argument: string, next: string | undefined, { valued }: FlagSyntax): Token {
  const equals = argument.indexOf('=');
  if (equals !== -1) {
    const [name, value] = [argument.slice(0, equals), argument.slice(equals + 1)];
    return { args: [argument], kind: 'flag', name, cluster: '', value };
  }
  const value = valued.has(argument) ? (next ?? null) : null;
  const args = value === null ? [argument] : [argument, value];
  return { args, kind: 'flag', name: argument, cluster: '', value };
}

/** `-avw HOSTS`, `-wHOSTS`: the first letter that takes a value ends the cluster. */
function readCluster(argument: string, next: string | undefined, { valued }: FlagSyntax): Token {
  const letters = argument.slice(1);
  const at = letters.split('').findIndex((letter) => valued.has(`-${letter}`));
  if (at === -1) {
    const name = `-${letters.at(-1)}`;
    return { args: [argument], kind: 'flag', name, cluster: letters.slice(0, -1), value: null };
  }
  const [cluster, name, rest] = [letters.slice(0, at), `-${letters[at]}`, letters.slice(at + 1)];
  if (rest !== '') return { args: [argument], kind: 'flag', name, cluster, value: rest };
  const args = next === undefined ? [argument] : [argument, next];
  return { args, kind: 'flag', name, cluster, value: next ?? null };
}
