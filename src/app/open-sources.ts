import { readCalendar } from '../adapters/calendar/read-calendar.ts';
import type { InventorySource } from '../adapters/inventory/inventory-source.ts';
import { sqlInventory, textInventory } from '../adapters/inventory/inventory-source.ts';
import type { DeviceSnapshot } from '../adapters/inventory/live-inventory.ts';
import { LiveInventory } from '../adapters/inventory/live-inventory.ts';
import { createOutageFeed, type OutageOrigin } from '../adapters/outages/outage-feed.ts';
import { queryRows } from '../adapters/sql/query-rows.ts';
import { createTextReader } from '../adapters/text/text-reader.ts';
import type { Config, OutageSource, Secrets } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { Device } from '../domain/device.ts';
import { RestageError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { OutageFeed } from '../domain/outage.ts';
import type { Store } from '../domain/store/store.ts';
import type { Deps } from '../workflows/deps.ts';
import { followOutages } from '../workflows/outage/follow-outages.ts';
import { noteSource } from '../workflows/intake/note-source.ts';
import type { Patience } from './patience.ts';

const reader = createTextReader();

/** The devices that the config names; null without an inventory. Rejects when there is nothing good to begin with. */
export async function openInventory(
  { config, secrets }: { readonly config: Config; readonly secrets: Secrets },
  snapshot: DeviceSnapshot,
  log: Log,
): Promise<LiveInventory | null> {
  const source = findInventorySource(config, secrets);
  const { everyMs } = config.inventory;
  return source && LiveInventory.open({ source, everyMs, snapshot, log });
}

/** Keeps the last good devices in the bot's own database; loads them as soon as that is there. */
export function snapshotIn(
  store: Store,
  clock: Clock,
  { attempt }: Pick<Patience, 'attempt'>,
): DeviceSnapshot {
  return {
    load: () => attempt(() => store.transaction((tx) => tx.keptDevices())),
    save: (devices: readonly Device[]) => store.transaction((tx) => tx.keepDevices(devices, clock.now())),
  };
}

/** Nothing is kept: for a look at the config alone. */
export const noSnapshot: DeviceSnapshot = { load: async () => null, save: async () => {} };

/** What announces outages, as the config names it. */
function openOutageFeeds({ outages, timeZone }: Config, secrets: Secrets): readonly OutageFeed[] {
  return outages.sources.map((source) => {
    const { name, everyMs } = source;
    return createOutageFeed({ name, everyMs, timeZone, readCalendar, origin: originOf(source, secrets) });
  });
}

function originOf({ name, type, file, url, query }: OutageSource, secrets: Secrets): OutageOrigin {
  if (type !== 'sql')
    return { type, reader, place: file === null ? { url: url ?? '', bearer: null } : { file } };
  const databaseUrl = secrets.outagesDatabaseUrl;
  if (!databaseUrl) {
    const message = `The outage source ${name} needs a database: set RESTAGE_OUTAGES_DATABASE_URL in the environment.`;
    throw new RestageError('config-invalid', message);
  }
  const configuredIn = `query of the source ${name} and RESTAGE_OUTAGES_DATABASE_URL`;
  return {
    type,
    rows: queryRows({ databaseUrl: () => databaseUrl.reveal(), text: query ?? '', configuredIn }),
  };
}

/** Goes on reading the inventory and the feeds; before the start resolves, what is announced already is known. */
export function followSources(
  deps: Deps,
  devices: LiveInventory | null,
  { config, secrets }: { readonly config: Config; readonly secrets: Secrets },
) {
  const outages = followOutages(deps, openOutageFeeds(config, secrets));
  return {
    async start(): Promise<void> {
      await devices?.follow((fault) => noteSource(deps, 'inventory', fault));
      await outages.start();
    },
    async stop(): Promise<void> {
      await outages.stop();
      await devices?.stop();
    },
  };
}

function findInventorySource({ inventory }: Config, secrets: Secrets): InventorySource | null {
  const { csv, json, url, sql } = inventory;
  const file = csv ?? json;
  if (file !== null) return textInventory({ file }, reader);
  if (url !== null) {
    const token = secrets.inventoryToken;
    return textInventory({ url, bearer: token && (() => token.reveal()) }, reader);
  }
  if (sql === null) return null;
  const databaseUrl = secrets.inventoryDatabaseUrl;
  if (!databaseUrl) {
    const message = 'inventory.sql needs a database: set RESTAGE_INVENTORY_DATABASE_URL in the environment.';
    throw new RestageError('config-invalid', message);
  }
  const configuredIn = 'inventory.sql and RESTAGE_INVENTORY_DATABASE_URL';
  return sqlInventory(queryRows({ databaseUrl: () => databaseUrl.reveal(), text: sql, configuredIn }));
}
