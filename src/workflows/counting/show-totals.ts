import type { ChatMessage, SlashCommand } from '../../domain/chat.ts';
import type { Part } from '../../domain/store/thresholds.ts';
import { renderTotals } from '../../messages/totals.ts';
import type { Deps } from '../deps.ts';

export const totalsUsage =
  '`/restage totals [DEVICE|REGION|server=NAME|building=NAME]` counts the alerts of each failure type, over the network or a part of it.';

const everything: Part = { device: null, region: null, building: null, server: null };

/** `/restage totals`: how often what failed (A7). Alerts of outages and suppressed ones are not in the totals. */
export async function showTotals(
  deps: Deps,
  _command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const name = words.join(' ').trim();
  const part = readPart(deps, name);
  const totals = await deps.store.snapshot((tx) => tx.totals(part));
  return renderTotals(name === '' ? 'the whole network' : name, totals, deps.policies.timeZone);
}

/** A name without its kind is a device that the inventory knows, else a region that is configured, else a device. */
function readPart(deps: Deps, name: string): Part {
  if (name === '') return everything;
  const [, kind, named = ''] = /^(device|region|building|server)=(.+)$/i.exec(name) ?? [];
  if (kind) return { ...everything, [kind.toLowerCase()]: named.trim().toLowerCase() };
  const device = deps.inventory.find(name)?.name;
  const wanted = name.toLowerCase();
  const isRegion = deps.policies.routing.regions.some((region) => region.name.toLowerCase() === wanted);
  return isRegion && !device
    ? { ...everything, region: wanted }
    : { ...everything, device: device ?? wanted };
}
