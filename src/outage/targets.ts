import { normalizeIdentifier } from '../domain/identifier.ts';
import type { OutageNotice, OutageTarget, TargetKind } from '../domain/outage.ts';
import { targetKinds } from '../domain/outage.ts';

/** Names are shown in lists and messages; nothing sensible is longer. */
const longestName = 200;
const kindPattern = new RegExp(`^(${targetKinds.join('|')})\\s*:\\s*(.*)$`, 'is');
/** `server:int-38`, `building:"Haus 3"`, anywhere in a sentence. */
const mentionPattern = new RegExp(`(?<![\\w-])(${targetKinds.join('|')}):(?:"([^"]+)"|([^\\s,;()]+))`, 'gi');

/** `int-38` (a device), `group:core`, `server:int-38`, `building:Köln/B3`, `region:eu`; null for anything else. */
export function parseTarget(text: string): OutageTarget | null {
  const trimmed = text.trim();
  const [, kind = 'device', name = trimmed] = kindPattern.exec(trimmed) ?? [];
  return createTarget(kind.toLowerCase() as TargetKind, name);
}

/** As `parseTarget` reads it. */
export function spellTarget({ kind, name }: OutageTarget): string {
  return kind === 'device' ? name : `${kind}:${name}`;
}

/** Where both are the same text, both mean the same. */
export function isSameTarget(a: OutageTarget, b: OutageTarget): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/**
 * What a notice is for. Whole targets and mentions (`server:int-38`) decide; without any, a sentence that is, or
 * begins with, the name of a device that the site knows. None: the notice is for nothing of ours.
 */
export function readTargets(
  { targets, sentences }: Pick<OutageNotice, 'targets' | 'sentences'>,
  isKnownDevice: (name: string) => boolean,
): readonly OutageTarget[] {
  const explicit = [...targets.map(parseTarget), ...sentences.flatMap(findMentions)];
  const found = unique(explicit);
  if (found.length > 0) return found;
  return unique(sentences.map((sentence) => findKnownDevice(sentence, isKnownDevice)));
}

function findMentions(sentence: string): readonly (OutageTarget | null)[] {
  return [...sentence.matchAll(mentionPattern)].map(([, kind = 'device', quoted, bare = '']) =>
    createTarget(kind.toLowerCase() as TargetKind, quoted ?? bare.replace(/[.:!?]+$/, '')),
  );
}

function findKnownDevice(sentence: string, isKnownDevice: (name: string) => boolean): OutageTarget | null {
  const whole = sentence.trim();
  const first = (whole.split(/[\s,;]+/, 1)[0] ?? '').replace(/[:.]+$/, '');
  const known = [whole, first].find((name) => name !== '' && isKnownDevice(name));
  return known === undefined ? null : createTarget('device', known);
}

function createTarget(kind: TargetKind, written: string): OutageTarget | null {
  const bare = written.trim().replaceAll(/\s+/g, ' ');
  const isHost = kind === 'device' || kind === 'server';
  const name = isHost ? normalizeIdentifier(bare) : bare.toLowerCase();
  if (name === '' || name.length > longestName || (isHost && /[\s/]/.test(name))) return null;
  // A word before a colon that is no kind, such as `room:12`, is a slip and no device. IPv6 and MACs have more colons.
  if (kind === 'device' && /^[^:]*[g-z][^:]*:/.test(name)) return null;
  return { kind, name };
}

function unique(targets: readonly (OutageTarget | null)[]): readonly OutageTarget[] {
  const byText = new Map(
    targets.flatMap((target) => (target === null ? [] : [[spellTarget(target), target] as const])),
  );
  return [...byText.values()];
}
