import { createScanner, flagsOf, type Token } from './scan-flags.ts';

/**
 * Flags of rsync(1) 3.0 to 3.5 with which `rsync -n` still only lists. An allow-list: a flag that is not here may run a
 * program (`-e`, `--rsync-path`), write a file (`--log-file`, `--write-batch`), pass on flags (`-M`) or print what a file
 * holds (`--files-from`).
 */
const plainLetters = new Set('vqcarRudlLkKHpEAXogtUNODJSnWxmIzPhis46');
const plainFlags = words(
  '--verbose --quiet --checksum --archive --recursive --relative --no-relative --no-implied-dirs --update --inplace --append',
  '--append-verify --dirs --links --copy-links --copy-unsafe-links --safe-links --copy-dirlinks --keep-dirlinks --hard-links',
  '--perms --no-perms --executability --acls --xattrs --owner --no-owner --group --no-group --devices --specials --times',
  '--no-times --atimes --crtimes --omit-dir-times --omit-link-times --super --sparse --preallocate --dry-run --whole-file',
  '--no-whole-file --one-file-system --existing --ignore-existing --del --delete --delete-before --delete-during',
  '--delete-delay --delete-after --delete-excluded --ignore-errors --force --partial --delay-updates --prune-empty-dirs',
  '--numeric-ids --ignore-times --size-only --compress --stats --human-readable --progress --itemize-changes --no-motd',
  '--secluded-args --protect-args --ipv4 --ipv6 --list-only --remove-source-files',
);
const valuedFlags = words(
  '--exclude --include --timeout --contimeout --bwlimit --max-size --min-size --max-delete --block-size --modify-window',
  '--chmod --chown --port --compress-level',
);
const scan = createScanner({ valued: valuedFlags, endsAtArgument: false });

/** Another program of this name may do anything. */
const programs = words('rsync /usr/bin/rsync /bin/rsync /usr/local/bin/rsync');

/** rsync before 3.2.4 gives a remote path to the shell there, and a leading dash makes an option of it. */
const path = String.raw`(?!-)[\w./@%+=,~-]*`;
const host = String.raw`(?:[A-Za-z0-9][\w.-]*|\[[0-9A-Fa-f:.]+\])`;
const user = String.raw`(?:\w[\w.-]*@)?`;
const harmlessPaths = [
  new RegExp(String.raw`^${path}$`),
  new RegExp(String.raw`^(?:${user}${host})?::?${path}$`),
  new RegExp(String.raw`^rsync://${user}${host}(?::\d+)?(?:/${path})?$`),
];

/**
 * Returns the first argument with which `rsync -n` may do more than list what it would change: run a program, write a
 * file, or pass on something else that does. `null` if it only lists, given an environment of ours and the server's ssh.
 */
export function findEffect(argv: readonly string[]): string | null {
  const program = argv[0] ?? '';
  if (!programs.has(program)) return program;
  const odd = scan(argv).find((token) => !isHarmless(token));
  return odd === undefined ? null : (odd.args[0] ?? '');
}

function isHarmless(token: Token): boolean {
  const { kind, name, args, value } = token;
  if (kind === 'argument') return harmlessPaths.some((pattern) => pattern.test(args[0] ?? ''));
  if (name.startsWith('--')) return value === null ? plainFlags.has(name) : valuedFlags.has(name);
  return flagsOf(token).every((flag) => plainLetters.has(flag.slice(1)));
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}
