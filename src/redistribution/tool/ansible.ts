import { type FlagSyntax, hasFlag, joinTokens, scanFlags, type Token } from './scan-flags.ts';
import { findOddName, type Narrowing, refuseNarrowing, type Tool } from './tool.ts';

/** ansible(1) and ansible-playbook(1), core 2.14 to 2.18; further flags that take a value only matter where one stands before `-l`. */
const valued = [
  '-i --inventory --inventory-file -l --limit -e --extra-vars -t --tags --skip-tags --start-at-task -f --forks -u --user',
  '-c --connection -T --timeout -M --module-path --private-key --key-file --vault-id --vault-password-file --vault-pass-file',
  '--become-method --become-user --become-password-file --become-pass-file --connection-password-file --conn-pass-file',
  '--ssh-common-args --sftp-extra-args --scp-extra-args --ssh-extra-args -m --module-name -a --args -B --background -P --poll',
  '--task-timeout --tree --playbook-dir',
];
/** Python's argparse takes any beginning that is unambiguous. */
const shortened = ['--lim', '--limi'];
const syntax: FlagSyntax = {
  valued: new Set([...valued.join(' ').split(' '), ...shortened]),
  endsAtArgument: false,
};
const checks = abbreviated('--ch eck', '-C');
/** With these it runs no play. */
const trials = new Set([
  ...checks,
  ...abbreviated(
    '--sy ntax-check',
    '--list-h osts',
    '--list-tas ks',
    '--list-tag s',
    '--vers ion',
    '--he lp',
    '-h',
  ),
]);

/**
 * Ansible: recipients are chosen by `--limit`, whatever the play and the inventory say. The limit that was there is
 * replaced: whoever failed was within it.
 */
export const ansible: Tool = {
  programs: ['ansible-playbook', 'ansible'],
  // The play says it, with the inventory.
  targets: () => null,
  reach: describeReach,
  narrow: limitTo,
  isTrial: (argv) => hasFlag(scanFlags(argv, syntax), trials),
  dryRun: (argv) => ({
    argv: hasFlag(scanFlags(argv, syntax), checks) ? argv : [argv[0] ?? '', '--check', ...argv.slice(1)],
    // Tasks with `check_mode: false`, lookups and plugins run all the same.
    effect: '--check may run tasks of its own',
  }),
  // A playbook prints what it did even when there was nothing to do.
  verify: () => null,
};

function limitTo(argv: readonly string[], keep: readonly string[]): Narrowing {
  const odd = findOddName(keep);
  if (odd !== null) return refuseNarrowing(odd);
  const tokens = scanFlags(argv, syntax);
  const cluster = tokens.find((token) => isLimit(token) && token.cluster !== '');
  if (cluster) return refuseNarrowing(`cannot take -l out of ${JSON.stringify(cluster.args[0])}`);
  const others = tokens.filter((token) => !isLimit(token));
  return { narrowed: true, argv: [argv[0] ?? '', '--limit', keep.join(','), ...joinTokens(others)] };
}

/** A limit to names that the record knows as hosts reaches no others. */
function describeReach(argv: readonly string[], recipients: readonly string[]): string | null {
  const limits = scanFlags(argv, syntax).filter(isLimit);
  const [limit] = limits;
  const known = new Set(recipients);
  const isExact = limits.length === 1 && limit?.value?.split(',').every((name) => known.has(name)) === true;
  return isExact ? null : 'the play and the inventory say who gets it, as they are when it runs';
}

function isLimit({ kind, name }: Token): boolean {
  return kind === 'flag' && (name === '-l' || name === '--limit' || shortened.includes(name));
}

/** Returns flags with their abbreviations, as argparse takes them; a space stands where the shortest unambiguous one ends. */
function abbreviated(...flags: readonly string[]): ReadonlySet<string> {
  return new Set(
    flags.flatMap((flag) => {
      const [shortest = '', rest = ''] = flag.split(' ');
      return Array.from({ length: rest.length + 1 }, (_, letters) => shortest + rest.slice(0, letters));
    }),
  );
}
