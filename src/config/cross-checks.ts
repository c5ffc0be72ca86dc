import { spellKey } from './faults.ts';
import { at, isSection, itemsAt, membersAt, type Entry } from './raw-data.ts';

/** A fault that no single key shows. */
export interface CrossFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint: string;
}

/** Something that may stand only once; null: it has no name, and is at fault for that elsewhere. */
interface Named {
  readonly path: readonly PropertyKey[];
  readonly id: string | null;
}

/**
 * What the keys of a file say together. Works on the raw data and skips what has the wrong shape, so that
 * these faults are named beside those of single keys.
 */
export function crossCheck(raw: unknown): readonly CrossFault[] {
  return [...checkThresholds(raw), ...checkServers(raw), ...checkNames(raw)];
}

function checkThresholds(raw: unknown): readonly CrossFault[] {
  const rules = itemsAt(raw, ['thresholds']).filter(({ value }) => isSection(value));
  const overspecified = rules
    .filter(({ value }) => at(value, ['device']) !== undefined && at(value, ['region']) !== undefined)
    .map(({ path }) => ({
      path: [...path, 'region'],
      message: 'stands beside device',
      hint: 'A rule is for a device or for a region: keep one.',
    }));
  const ties = findRepeated(
    rules.map(({ path, value }) => ({ path, id: spellLevel(value) })),
    'is for the same failure, device and region as',
    'Remove one of them, or make one more specific.',
  );
  return [...overspecified, ...ties];
}

function checkServers(raw: unknown): readonly CrossFault[] {
  return membersAt(raw, ['servers']).flatMap(({ path, name, value }): CrossFault[] => {
    const faults: CrossFault[] = [];
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
      faults.push({ path, message: "is no server's name", hint: 'Use letters, digits, dots and dashes.' });
    }
    const pinned = at(value, ['hostKey']) !== undefined;
    if (isSection(value) && pinned === (at(value, ['knownHostsFile']) !== undefined)) {
      const message = pinned ? 'has both hostKey and knownHostsFile' : 'has no host key to check';
      faults.push({ path, message, hint: 'Write either hostKey: SHA256:… or knownHostsFile: PATH.' });
    }
    return faults;
  });
}

function checkNames(raw: unknown): readonly CrossFault[] {
  const regions = membersAt(raw, ['routing', 'regions']);
  const domains = regions.flatMap(({ path }) => itemsAt(raw, [...path, 'domains']));
  const rename = 'Rename one of them; capitals make no difference.';
  return [
    ...findRepeated(membersAt(raw, ['servers']).map(byKey), 'is the same server as', rename),
    ...findRepeated(regions.map(byKey), 'is the same region as', rename),
    ...findRepeated(domains.map(byName), 'is the same domain as', 'A domain belongs to one region.'),
    ...findRepeated(itemsAt(raw, ['intake', 'imap']).map(byName), 'is the same mailbox as', rename),
    ...findRepeated(itemsAt(raw, ['formats']).map(byName), 'is the same format as', rename),
  ];
}

function findRepeated(entries: readonly Named[], message: string, hint: string): readonly CrossFault[] {
  const firstPaths = new Map<string, readonly PropertyKey[]>();
  return entries.flatMap(({ path, id }) => {
    const first = id === null ? undefined : firstPaths.get(id);
    if (id !== null && first === undefined) firstPaths.set(id, path);
    return first === undefined ? [] : [{ path, message: `${message} ${spellKey(first)}`, hint }];
  });
}

function spellLevel(rule: unknown): string {
  return JSON.stringify(['failure', 'device', 'region'].map((key) => idOf(at(rule, [key]))));
}

/** An item known by its `name`, or by being one. */
function byName({ path, value }: Entry): Named {
  return isSection(value) ? { path: [...path, 'name'], id: idOf(value['name']) } : { path, id: idOf(value) };
}

function byKey({ path, name }: Entry & { readonly name: string }): Named {
  return { path, id: idOf(name) };
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null;
}
