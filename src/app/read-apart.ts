import { digestOf } from '../adapters/mime/mail-key.ts';
import { createMimeReader } from '../adapters/mime/read-mime.ts';
import type { Config } from '../config/config.ts';
import type { ReadingKind } from '../domain/careful-reader.ts';
import type { Device } from '../domain/device.ts';
import { indexInventory } from '../domain/inventory-index.ts';
import type { RawMail } from '../domain/mail.ts';
import { readHere } from '../workflows/intake/read-carefully.ts';
import type { ReadMail } from '../workflows/intake/read-mail.ts';
import { readPolicies } from './policies.ts';

// A program of its own: it reads suspect mail for the bot, which starts it and sees it end.

/** What the bot says first. */
export interface ReaderSetting {
  readonly config: Config;
  readonly devices: readonly Device[];
}

interface Request {
  readonly raw: RawMail;
  readonly kind: ReadingKind;
}

type Read = (request: Request) => Promise<ReadMail | null>;

let read: Read | null = null;

process.on('message', (message) => {
  if (read === null) {
    read = createRead(message as ReaderSetting);
    process.send?.('ready');
    return;
  }
  void read(message as Request).then((answer) => process.send?.(answer));
});
// The bot has ended.
process.on('disconnect', () => process.exit());

/** `null` if a vouched mail can't be read at all. The source stays with the bot. */
function createRead({ config, devices }: ReaderSetting): Read {
  const inventory = indexInventory(devices);
  const { openMail, readMime } = createMimeReader();
  // In this process there is no loop to hold up.
  const searchApart = () => Promise.resolve(null);
  const deps = { openMail, readMime, searchApart, digestOf, inventory, policies: readPolicies(config) };
  return async ({ raw, kind }) => {
    try {
      return { ...(await readHere(deps, raw, kind)), raw: { ...raw, source: new Uint8Array() } };
    } catch {
      return null;
    }
  };
}
