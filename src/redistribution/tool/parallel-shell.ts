import { expandNodeSet, foldNodeSet } from './node-set.ts';
import { type FlagSyntax, joinTokens, scanFlags, type Token } from './scan-flags.ts';
import { findOddName, type Narrowing, refuseNarrowing, type Tool } from './tool.ts';

interface Dialect {
  readonly programs: readonly string[];
  readonly syntax: FlagSyntax;
  /** Flags beside `-w` that say who gets it; `-w` takes their place. */
  readonly selectors: ReadonlySet<string>;
  readonly dryRun: Tool['dryRun'];
}

/** pdsh(1) 2.34; `-q` prints the hosts that it would go to. */
const pdshDialect: Dialect = {
  programs: ['pdsh', 'pdcp'],
  syntax: { valued: words('-w -x -l -t -u -f -R -M -g -X -F -e'), endsAtArgument: true },
  selectors: words('-w -a -A -g'),
  dryRun: (argv) => ({
    argv: [argv[0] ?? '', '-q', ...argv.slice(1)],
    effect: '-q may run what its modules name',
  }),
};

/** clush(1) 1.9. */
const clushDialect: Dialect = {
  programs: ['clush'],
  syntax: {
    valued: words(
      '-s --groupsource --conf -O --option --groupsconf -w -x -g --group -X -E --engine --hostfile --machinefile --topology --pick --interpret-keys --color --outdir --errdir --dest -f --fanout --grooming -l --user -o --options -t --connect_timeout -u --command_timeout -m --mode -R --worker --remote',
    ),
    endsAtArgument: true,
    argumentsFollow: words('-c --copy --rcopy'),
  },
  selectors: words('-w -a --all -g --group --hostfile --machinefile --pick'),
  dryRun: () => null,
};

export const pdsh = createTool(pdshDialect);
export const clush = createTool(clushDialect);

/** A parallel shell: recipients are the node set of `-w`, folded as the original was. */
function createTool(dialect: Dialect): Tool {
  const { programs, dryRun } = dialect;
  // What the remote command does, nobody knows.
  const targets = (argv: readonly string[]) => expandTargets(dialect, argv);
  return {
    programs,
    targets,
    narrow: (argv, keep) => narrow(dialect, argv, keep),
    dryRun,
    verify: () => null,
  };
}

function narrow({ syntax, selectors }: Dialect, argv: readonly string[], keep: readonly string[]): Narrowing {
  const odd = findOddName(keep);
  if (odd !== null) return refuseNarrowing(odd);
  const tokens = scanFlags(argv, syntax);
  const chosen = tokens.filter((token) => token.kind === 'flag' && selectors.has(token.name));
  const lists = chosen.map((token) => (token.name === '-w' ? expandNodeSet(token.value ?? '') : null));
  const stranger = findStranger(lists, keep);
  if (stranger !== null) return refuseNarrowing(`${stranger} is not among the hosts of -w`);
  const isFolded = chosen.some(({ value }) => value?.includes('['));
  const list = isFolded ? foldNodeSet(keep) : keep.join(',');
  const at = chosen[0] ? tokens.indexOf(chosen[0]) : 0;
  const rest = tokens.flatMap((token) => (chosen.includes(token) ? withoutSelector(token) : [token]));
  const before = joinTokens(tokens.slice(0, at));
  return {
    narrowed: true,
    argv: [argv[0] ?? '', ...before, ...spell(chosen[0], list), ...joinTokens(rest).slice(before.length)],
  };
}

function expandTargets({ syntax, selectors }: Dialect, argv: readonly string[]): readonly string[] | null {
  const chosen = scanFlags(argv, syntax).filter((token) => selectors.has(token.name));
  const lists = chosen.map((token) => (token.name === '-w' ? expandNodeSet(token.value ?? '') : null));
  const isExact = lists.length > 0 && !lists.includes(null) && !argv.includes('-x');
  return isExact ? [...new Set(lists.flatMap((list) => list ?? []))] : null;
}

/** Whoever is not in lists that can all be read was never a recipient of this command. */
function findStranger(lists: readonly (readonly string[] | null)[], keep: readonly string[]): string | null {
  if (lists.length === 0 || lists.includes(null)) return null;
  const all = new Set(lists.flatMap((list) => list ?? []));
  return keep.find((name) => !all.has(name)) ?? null;
}

/** Of `-bw HOSTS` the `-b` stays. */
function withoutSelector({ cluster, ...token }: Token): Token[] {
  return cluster === '' ? [] : [{ ...token, args: [`-${cluster}`], cluster: '', value: null }];
}

function spell(original: Token | undefined, list: string): string[] {
  const isJoined = original?.name === '-w' && original.args.length === 1;
  return isJoined ? [`-w${list}`] : ['-w', list];
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
