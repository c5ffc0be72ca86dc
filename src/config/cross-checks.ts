import { type CrossFault, spellKey } from './faults.ts';
import { checkHeartbeat } from './heartbeat-checks.ts';
import { checkPaging } from './paging-checks.ts';
import { checkReports } from './report-checks.ts';
import { checkRouting } from './routing-checks.ts';
import { at, isSection, itemsAt, membersAt, type Entry } from './raw-data.ts';
import { checkThresholds } from './threshold-checks.ts';
import { checkSources } from './source-checks.ts';
import { checkSourceZones } from './zone-checks.ts';

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
  return [
    ...checkThresholds(raw),
    ...checkServers(raw),
    ...checkNames(raw),
    ...checkPaging(raw),
    ...checkRouting(raw),
    ...checkReports(raw),
    ...checkHeartbeat(raw),
    ...checkSources(raw),
    ...checkSourceZones(raw),
  ];
}

function checkServers(raw: unknown): readonly CrossFault[] {
  return membersAt(raw, ['servers']).flatMap(({ path, name, value }): CrossFault[] => {
    const faults: CrossFault[] = [];
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
      faults.push({ path, message: "is no server's name", hint: 'Use letters, digits, dots and dashes.' });
    }
    const jump = itemsAt(raw, [...path, 'jump']);
    return [...faults, ...[{ path, value }, ...jump].flatMap(checkHost)];
  });
}

function checkHost({ path, value }: Entry): readonly CrossFault[] {
  if (!isSection(value)) return [];
  const has = (key: string) => at(value, [key]) !== undefined;
  const faults: CrossFault[] = [];
  if (has('hostKey') === has('knownHostsFile')) {
    const message = has('hostKey') ? 'has both hostKey and knownHostsFile' : 'has no host key to check';
    faults.push({ path, message, hint: 'Write either hostKey: SHA256:… or knownHostsFile: PATH.' });
  }
  if (!has('privateKeyFile') && !has('agentSocket')) {
    const hint = 'Write privateKeyFile: PATH, or agentSocket: PATH of an ssh-agent.';
    faults.push({ path, message: 'has no key to log in with', hint });
  }
  return faults;
}

function checkNames(raw: unknown): readonly CrossFault[] {
  const regions = membersAt(raw, ['routing', 'regions']);
  const domains = regions.flatMap(({ path }) => itemsAt(raw, [...path, 'domains']));
  const rename = 'Rename one of them; capitals make no difference.';
  return [
    ...findRepeated(membersAt(raw, ['servers']).map(byKey), 'is the same server as', rename),
    ...findRepeated(regions.map(byKey), 'is the same region as', rename),
    ...findRepeated(membersAt(raw, ['routing', 'buildings']).map(byKey), 'is the same building as', rename),
    ...findRepeated(domains.map(byName), 'is the same domain as', 'A domain belongs to one region.'),
    ...findRepeated(itemsAt(raw, ['intake', 'imap']).map(byName), 'is the same mailbox as', rename),
    ...findRepeated(itemsAt(raw, ['intake', 'http', 'sources']).map(byName), 'is the same source as', rename),
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
