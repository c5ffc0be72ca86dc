import { expandNodeSet, foldNodeSet, splitOutsideBrackets } from './node-set.ts';
import { type FlagSyntax, hasFlag, joinTokens, scanFlags, type Token } from './scan-flags.ts';
import { describeOthers, findOddName, type Narrowing, refuseNarrowing, type Tool } from './tool.ts';

interface Dialect {
  readonly programs: readonly string[];
  readonly syntax: FlagSyntax;
  /** Flags beside `-w` that say who gets it; `-w` takes their place. */
  readonly selectors: ReadonlySet<string>;
  /** Flags beside `-x` that take hosts out by what only the server knows. */
  readonly excluders: ReadonlySet<string>;
  /** Whether `-w` may say how its hosts are reached: `ssh:deploy@`. */
  readonly prefixes: boolean;
  /** Flags with which it only prints whom it would reach, or what it is. */
  readonly trials: ReadonlySet<string>;
  readonly dryRun: Tool['dryRun'];
}

/** pdsh(1) 2.34; `-q` prints the hosts that it would go to. */
const pdshDialect: Dialect = {
  programs: ['pdsh', 'pdcp'],
  syntax: { valued: words('-w -x -l -t -u -f -R -M -g -X -F -e'), endsAtArgument: true },
  selectors: words('-w -a -A -g'),
  excluders: words('-X -i'),
  prefixes: true,
  trials: words('-q -Q -h -V -L'),
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
  excluders: words('-X'),
  prefixes: false,
  trials: words('-h --help --version'),
  dryRun: () => null,
};

export const pdsh = createTool(pdshDialect);
export const clush = createTool(clushDialect);

/** A parallel shell: recipients are the node set of `-w`, folded as the original was. */
function createTool(dialect: Dialect): Tool {
  const { programs, dryRun } = dialect;
  // What the remote command does, nobody knows.
  return {
    programs,
    targets: (argv) => expandTargets(dialect, argv),
    reach(argv, recipients) {
      const targets = expandTargets(dialect, argv);
      return targets === null ? describeSelectors(dialect, argv) : describeOthers(targets, recipients);
    },
    narrow: (argv, keep) => narrow(dialect, argv, keep),
    isTrial: (argv) => hasFlag(scanFlags(argv, dialect.syntax), dialect.trials),
    dryRun,
    verify: () => null,
  };
}

/** One part of what a `-w` names, between commas; `prefix` is how its hosts are reached, and no others: `ssh:deploy@`. */
interface HostList {
  readonly prefix: string;
  /** `null` if something else than its text says who they are: a group, a file, a pattern. */
  readonly hosts: readonly string[] | null;
}

function readLists({ prefixes }: Dialect, { name, value }: Token): readonly HostList[] {
  if (name !== '-w') return [{ prefix: '', hosts: null }];
  return splitOutsideBrackets(value ?? '').map((part) => {
    const [, prefix = '', text = ''] = /^((?:\w+:)?(?:[\w.-]+@)?)(.*)$/s.exec(part) ?? [];
    if (prefix !== '' && !prefixes) return { prefix: '', hosts: null };
    return { prefix, hosts: expandNodeSet(text) };
  });
}

function narrow(dialect: Dialect, argv: readonly string[], keep: readonly string[]): Narrowing {
  const odd = findOddName(keep);
  if (odd !== null) return refuseNarrowing(odd);
  const tokens = scanFlags(argv, dialect.syntax);
  const chosen = tokens.filter((token) => token.kind === 'flag' && dialect.selectors.has(token.name));
  const lists = chosen.flatMap((token) => readLists(dialect, token));
  const stranger = findStranger(lists, keep);
  if (stranger !== null) return refuseNarrowing(`${stranger} is not among the hosts of -w`);
  const hidden = lists.find(({ prefix, hosts }) => hosts === null && prefix !== '');
  if (hidden) return refuseNarrowing(`cannot tell who is reached as ${hidden.prefix}`);
  const isFolded = chosen.some(({ value }) => value?.includes('['));
  const parts = sortByPrefix(lists, keep).flatMap(([prefix, names]) =>
    (isFolded ? splitOutsideBrackets(foldNodeSet(names)) : names).map((part) => prefix + part),
  );
  const at = chosen[0] ? tokens.indexOf(chosen[0]) : 0;
  const rest = tokens.flatMap((token) => (chosen.includes(token) ? withoutSelector(token) : [token]));
  const before = joinTokens(tokens.slice(0, at));
  return {
    narrowed: true,
    argv: [
      argv[0] ?? '',
      ...before,
      ...spell(chosen[0], parts.join(',')),
      ...joinTokens(rest).slice(before.length),
    ],
  };
}

/** The hosts to keep, by how they are reached. */
function sortByPrefix(
  lists: readonly HostList[],
  keep: readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  const prefixOf = new Map(
    lists.flatMap(({ prefix, hosts }) => (hosts ?? []).map((name) => [name, prefix] as const)),
  );
  const sorted = new Map<string, string[]>();
  for (const name of keep) {
    const prefix = prefixOf.get(name) ?? '';
    sorted.set(prefix, [...(sorted.get(prefix) ?? []), name]);
  }
  return [...sorted];
}

function expandTargets(dialect: Dialect, argv: readonly string[]): readonly string[] | null {
  const tokens = scanFlags(argv, dialect.syntax);
  const lists = tokens
    .filter((token) => dialect.selectors.has(token.name))
    .flatMap((token) => readLists(dialect, token));
  const without = tokens.filter(({ name }) => name === '-x').map(({ value }) => expandNodeSet(value ?? ''));
  const isExact =
    lists.length > 0 &&
    lists.every(({ hosts }) => hosts !== null) &&
    !without.includes(null) &&
    !tokens.some(({ name }) => dialect.excluders.has(name));
  const excluded = new Set(without.flatMap((names) => names ?? []));
  const named = new Set(lists.flatMap(({ hosts }) => hosts ?? []));
  return isExact ? [...named].filter((name) => !excluded.has(name)) : null;
}

/** Says which of its flags leaves open who is reached. */
function describeSelectors(dialect: Dialect, argv: readonly string[]): string {
  const open = scanFlags(argv, dialect.syntax).find(
    (token) =>
      dialect.excluders.has(token.name) ||
      (dialect.selectors.has(token.name) && readLists(dialect, token).some(({ hosts }) => hosts === null)),
  );
  const flag = open ? `${open.name}${open.value === null ? '' : ` ${open.value}`}` : 'its environment';
  return `${flag} says who gets it, as that is when it runs`;
}

/** Whoever is not in lists that can all be read was never a recipient of this command. */
function findStranger(lists: readonly HostList[], keep: readonly string[]): string | null {
  if (lists.length === 0 || lists.some(({ hosts }) => hosts === null)) return null;
  const all = new Set(lists.flatMap(({ hosts }) => hosts ?? []));
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
