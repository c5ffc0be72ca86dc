import type { ChatMessage, SlashCommand } from '../../domain/chat.ts';
import type { Freeze, FreezeScope } from '../../domain/freeze.ts';
import type { Tx } from '../../domain/store/store.ts';
import { describeFreeze } from '../../messages/freeze.ts';
import { renderMarkup, renderNotice } from '../../messages/notice.ts';
import { type FreezeNames, findFreeze, readFreeze, readScope } from '../../redistribution/freeze.ts';
import type { Deps } from '../deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { standingOf } from './standing.ts';

export const freezeUsage =
  '`/restage freeze [REGION, SERVER or everything] [duration] reason` lets nothing be approved or started there, such as `/restage freeze int-38 2h core switch`; alone it shows what is frozen.';
export const unfreezeUsage =
  '`/restage unfreeze [REGION or SERVER]` lifts that freeze; alone the one of everything.';

/** Returns the freeze that holds a server up now; `null` if none does. */
export async function freezeOf(deps: Deps, tx: Tx, server: string): Promise<Freeze | null> {
  const region = deps.inventory.find(server)?.region ?? null;
  return findFreeze(await tx.freezes(deps.clock.now()), server, region);
}

/** `/restage freeze …`: from now on nothing is approved or started there. Anybody may. */
export async function freeze(
  deps: Deps,
  { person: by, deliveryKey }: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  if (words.length === 0) return showFreezes(deps);
  const read = readFreeze(words, namesOf(deps));
  if ('fault' in read) return renderNotice(`${read.fault} ${freezeUsage}`);
  const at = deps.clock.now();
  const until = read.lengthMs === null ? null : new Date(at.getTime() + read.lengthMs);
  const made: Freeze = { id: deps.newId(), scope: read.scope, reason: read.reason, by, at, until };
  return deps.store.transaction(async (tx) => {
    if (!(await tx.firstSight(deliveryKey, at))) return renderNotice('This freeze is noted already.');
    await tx.addFreeze(made);
    await audit(deps, tx, made, `freeze: ${made.reason}`);
    await refreshProposals(deps, tx);
    return renderMarkup(`:snowflake: ${describeFreeze(made, deps.policies.timeZone)}`);
  });
}

/** `/restage unfreeze …`: by whoever froze it, or an approver. */
export async function unfreeze(
  deps: Deps,
  { person, channel }: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const scope = words.length === 0 ? ({ kind: 'all' } as const) : readScope(words.join(' '), namesOf(deps));
  if (scope === null) return renderNotice(`No server and no region is called that. ${unfreezeUsage}`);
  const standing = await standingOf(deps, person, deps.policies.approval.approvers, channel);
  return deps.store.transaction(async (tx) => {
    const now = deps.clock.now();
    const all = await tx.freezes(now);
    const wanted = all.filter((one) => isSame(one.scope, scope));
    if (wanted.length === 0) return listFreezes(deps, all, 'That is not frozen.');
    if (standing !== 'yes' && wanted.some(({ by }) => by.userId !== person.userId)) {
      return renderNotice('Only whoever froze it, or an approver, can lift it.');
    }
    const ids = wanted.map(({ id }) => id);
    await tx.liftFreezes(ids, person, now);
    for (const one of wanted) await audit(deps, tx, { ...one, by: person }, 'unfreeze');
    await refreshProposals(deps, tx);
    return listFreezes(deps, await tx.freezes(now), 'The freeze is lifted.');
  });
}

async function showFreezes(deps: Deps): Promise<ChatMessage> {
  const all = await deps.store.transaction((tx) => tx.freezes(deps.clock.now()));
  return listFreezes(deps, all, '');
}

function listFreezes(deps: Deps, all: readonly Freeze[], first: string): ChatMessage {
  const lines = all.map((one) => `:snowflake: ${describeFreeze(one, deps.policies.timeZone)}`);
  const rest = lines.length === 0 ? ['Nothing is frozen.'] : lines;
  return renderMarkup([...(first === '' ? [] : [first]), ...rest].join('\n'));
}

/** Those that wait show what holds them up. */
async function refreshProposals(deps: Deps, tx: Tx): Promise<void> {
  for (const record of await tx.redistributionsOf(null, ['proposed', 'approved', 'running'])) {
    await wantRedistributionMessage(deps, tx, record);
  }
}

function namesOf({ policies }: Deps): FreezeNames {
  return {
    servers: new Set(policies.servers.keys()),
    regions: new Set(policies.routing.regions.map(({ name }) => name.toLowerCase())),
  };
}

function isSame(one: FreezeScope, other: FreezeScope): boolean {
  return (
    JSON.stringify([one.kind, 'name' in one && one.name]) ===
    JSON.stringify([other.kind, 'name' in other && other.name])
  );
}

async function audit(deps: Deps, tx: Tx, { scope, by }: Freeze, what: string): Promise<void> {
  const about = scope.kind === 'all' ? 'everything' : `${scope.kind} ${scope.name}`;
  await tx.audit({ at: deps.clock.now(), who: `${by.teamId}/${by.userId}`, what, about });
}
