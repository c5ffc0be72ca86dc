import { createScanner, hasFlag, joinTokens, type Token } from './scan-flags.ts';
import { findEffect } from './rsync-listing.ts';
import { refuseNarrowing, type Tool } from './tool.ts';

/** rsync(1) 3.2 to 3.4: flags whose value may be the next argument. */
const valued = [
  '-e --rsh -f --filter -B --block-size -T --temp-dir -M --remote-option -@ --modify-window --timeout --contimeout --bwlimit',
  '--exclude --exclude-from --include --include-from --files-from --log-file --log-file-format --out-format --info --debug',
  '--compare-dest --copy-dest --link-dest --backup-dir --suffix --partial-dir --chmod --chown --usermap --groupmap --max-size',
  '--min-size --max-delete --max-alloc --port --address --sockopts --password-file --early-input --rsync-path --protocol --iconv',
  '--checksum-seed --checksum-choice --cc --compress-choice --zc --compress-level --zl --compress-threads --zt --skip-compress',
  '--write-batch --only-write-batch --read-batch --outbuf --stop-after --time-limit --stop-at --config --dparam',
];
const scan = createScanner({ valued: new Set(valued.join(' ').split(' ')), endsAtArgument: false });

/** Flags that make it print more, or less, than the changes that are left to do. */
const chatter = words(
  '--verbose --quiet --stats --progress --info --debug --out-format --log-file --log-file-format --human-readable --itemize-changes --dry-run --no-motd --msgs2stderr --partial',
);
const chattyLetters = /[vqPhin]/g;
/** With these even a trial writes something, or reads another thing than was sent. */
const dangerous = words('--write-batch --only-write-batch --read-batch --daemon');
/** With these nothing may be left to do although nothing was done. */
const unprovable = words(
  '--remove-source-files --remove-sent-files --ignore-existing --existing --ignore-non-existing --list-only -u --update --files-from',
);

/** With these it sends nothing. `-h` alone is `--human-readable`. */
const trials = words('-n --dry-run --list-only --help --version -V');

/** rsync has one target: it is for its one recipient, or it can't be narrowed. */
export const rsync: Tool = {
  programs: ['rsync'],
  targets: (argv) => {
    const target = scan(argv).findLast(({ kind }) => kind === 'argument')?.args[0] ?? '';
    const host = /^(?:rsync:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::|\/)/.exec(target)?.[1];
    return host === undefined || !/^rsync:\/\/|^[^/]*:/.test(target) ? null : [host];
  },
  // Its one target has the recipient's name, or its address.
  reach: (_argv, recipients) =>
    recipients.length === 1 ? null : `rsync has one target, and not ${recipients.length}`,
  narrow: (_argv, keep) =>
    refuseNarrowing(
      `rsync has one target, so that one command cannot be for ${keep.length} of its recipients alone`,
    ),
  isTrial: (argv) => hasFlag(scan(argv), trials),
  dryRun: (argv) =>
    hasFlag(scan(argv), dangerous)
      ? null
      : { argv: [argv[0] ?? '', '-n', '-i', ...argv.slice(1)], effect: describeEffect(argv) },
  verify: (argv) => {
    if (hasFlag(scan(argv), dangerous) || hasFlag(scan(argv), unprovable)) return null;
    const quiet = scan(argv).flatMap(withoutChatter);
    return [argv[0] ?? '', '-n', '-i', ...joinTokens(quiet)];
  },
};

function describeEffect(argv: readonly string[]): string | null {
  const odd = findEffect(argv);
  return odd === null ? null : `${JSON.stringify(odd)} may run a program or write`;
}

function withoutChatter(token: Token): Token[] {
  if (token.kind === 'argument') return [token];
  if (token.name.startsWith('--')) return chatter.has(token.name) ? [] : [token];
  const [first = '', ...rest] = token.args;
  const lettersEnd = token.value === null ? first.length : token.cluster.length + 1;
  const letters = first.slice(1, lettersEnd).replaceAll(chattyLetters, '');
  const kept = `-${letters}${first.slice(lettersEnd)}`;
  return kept === '-' ? [] : [{ ...token, args: [kept, ...rest] }];
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
