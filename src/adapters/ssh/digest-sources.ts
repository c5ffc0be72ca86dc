import { largestDigestedBytes, type SourceFinding } from '../../domain/package-source.ts';
import { isUnreachable } from './failures.ts';
import type { Connection } from './connection.ts';

/** A slow disk reads 1 GiB in this time; what takes longer is compared by size and time. */
const withinMs = 60_000;

/**
 * What the recorder does for the same digest. A list that is not whole gives none. Nothing in the directory, and none of the
 * user's settings, decides what runs.
 */
const script = `
PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
export PATH LC_ALL
unset CDPATH
digest_source() {
  if [ -d "$1" ]; then
    list=$(cd "$1" && find . -type f -print0 | sort -z | xargs -0r sha256sum && find . -type l -printf 'link %p %l\\n' | sort) || return
    printf '%s\\n' "$list" | sha256sum
  else
    sha256sum <"$1"
  fi
}
tell() { digest_source "$2" | { read -r hex rest && printf 'restage-digest %s %s\\n' "$1" "$hex"; }; }
`;

/** Adds digests to the sources that were found. Leaves out those that are too large, and all if the server runs no commands. */
export async function addDigests(
  connection: Connection,
  found: readonly SourceFinding[],
): Promise<readonly SourceFinding[]> {
  const calls = found.flatMap((one, index) =>
    typeof one === 'object' && one.files > 0 && one.bytes <= largestDigestedBytes
      ? [`tell ${index} ${quote(one.path)}`]
      : [],
  );
  if (calls.length === 0) return found;
  const digests = readDigests(await runScript(connection, `${script}${calls.join('\n')}\n`));
  return found.map((one, index) => {
    const digest = digests.get(index);
    return typeof one === 'object' && digest !== undefined ? { ...one, digest } : one;
  });
}

async function runScript(connection: Connection, text: string): Promise<string> {
  try {
    return await connection.runScript(text, withinMs);
  } catch (error) {
    if (isUnreachable(error)) throw error;
    return '';
  }
}

function readDigests(output: string): ReadonlyMap<number, string> {
  const lines = output.matchAll(/^restage-digest (\d{1,6}) ([0-9a-f]{64})$/gm);
  return new Map([...lines].map(([, index, hex]) => [Number(index), `sha256:${hex}`]));
}

function quote(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
