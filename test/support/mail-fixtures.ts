import { readFileSync, readdirSync } from 'node:fs';
import { readMime } from './mime-reader.ts';
import type { Mail } from '../../src/domain/mail.ts';

const folder = new URL('../fixtures/mail/', import.meta.url);

/** When the fixtures' mail was received: all of it was written in the minutes before. */
export const fixturesReceivedAt = new Date('2026-11-23T13:30:00Z');

/** Reads one mail of test/fixtures/mail, such as `ansible/01-….eml`. */
export function readFixture(path: string): Promise<Mail> {
  const source = readFileSync(new URL(path, folder));
  return readMime({ source, via: `file:${path}`, receivedAt: fixturesReceivedAt });
}

/** The paths of all mails in a folder of test/fixtures/mail, sorted. */
export function listFixtures(name: string): string[] {
  return readdirSync(new URL(`${name}/`, folder))
    .toSorted()
    .map((file) => `${name}/${file}`);
}
