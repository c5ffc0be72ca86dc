import type { Mail } from '../../domain/mail.ts';
import type { AlertFormat, PatternPlace } from '../../domain/policy.ts';
import { compile } from '../pattern.ts';
import { toSearchText } from '../search-text.ts';
import { certainHostName, hostName } from '../shipped/patterns.ts';
import { saysSuccess } from './find-recovery.ts';
import { deviceIn, isCertainHost, isHost, keyLinesOf, linesOf, reportersOf, shorten } from './mail-facts.ts';
import { escapePattern, failureWord, successWord } from './words.ts';

type Extract = AlertFormat['extract'][number];

interface Candidate {
  readonly in: PatternPlace;
  readonly pattern: string;
  /** The lower, the more it tells. */
  readonly rank: number;
}

const longestText = 500;
const word = /[A-Za-z0-9_][\w.-]*[A-Za-z0-9]/g;
/** What stands before the host that a package comes from, or that tells of it. */
const sourceWord =
  /(?:from|by|via|on behalf of|source|upstream|reported by|monitored by|von|durch|depuis|desde|monitoring on|überwachung)[\s:]*$/i;
/** A host that is called so is the one that fails; one that is called a host may only tell of it. */
const failingKey =
  /^(?:device|node|client|target|recipient|gerät|ziel(?:system|rechner)?|empfänger|équipement|dispositivo|destino|destinatario)$/iu;

/**
 * Finds the patterns for the device that failed, in all of these mails: by its key, else where a sentence says what failed.
 * The machine that sent a mail comes after any other that the mail names.
 */
export function findDevice(mails: readonly Mail[], isKnown: (host: string) => boolean): readonly Extract[] {
  const candidates = mails.flatMap((mail) => candidatesIn(mail, isKnown));
  const distinct = [...new Map(candidates.map((one) => [`${one.in} ${one.pattern}`, one])).values()];
  return distinct
    .map((one) => ({ one, cost: costOf(one, mails) }))
    .filter(({ cost }) => Number.isFinite(cost))
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, 2)
    .map(({ one }) => ({ in: one.in, pattern: one.pattern }));
}

/** A mail in which it finds nothing costs more than one in which it finds the reporter; ranks decide between equals. */
function costOf(candidate: Candidate, mails: readonly Mail[]): number {
  const pattern = compile(candidate.pattern);
  const costs = mails.map((mail): number => {
    const text = candidate.in === 'subject' ? mail.subject : mail.text;
    const matcher = pattern.matcher(toSearchText(text));
    const found = matcher.find() ? matcher.group('device') : null;
    if (found === null) return 100;
    return reportersOf(mail).has(shorten(found)) ? 10 : 0;
  });
  const cost = costs.reduce((sum, each) => sum + each, 0);
  return costs.every((each) => each === 100) ? Number.POSITIVE_INFINITY : cost + candidate.rank;
}

function candidatesIn(mail: Mail, isKnown: (host: string) => boolean): readonly Candidate[] {
  const isDevice = (host: string) => isHost(host) || isKnown(host);
  const isSuccess = saysSuccess(mail);
  return [
    ...keyLinesOf(mail)
      .filter(({ field }) => field === 'device')
      .map(({ key, value }) => keyCandidate(key, deviceIn(value) ?? '', isDevice)),
    ...hostsIn(mail.subject.slice(0, longestText), 'subject', 2, isDevice),
    ...linesOf(mail)
      .filter((line) => failureWord.test(line) || (isSuccess && successWord.test(line)))
      .flatMap((line) => hostsIn(line, 'body', 3, isDevice)),
  ];
}

/** What can only be a host may have more behind it. */
function keyCandidate(key: string, device: string, isDevice: (host: string) => boolean): Candidate {
  const value = isCertainHost(device)
    ? `["']?(?<device>${certainHostName})["']?(?:[ \\t,;].*)?$`
    : `["']?(?<device>${hostName})["']?[ \\t]*$`;
  return {
    in: 'body',
    pattern: `(?i)^[ \\t]*${escapePattern(key)}[ \\t]*:[ \\t]*${value}`,
    rank: (failingKey.test(key) ? 0 : 1) + (isDevice(device) ? 0 : 5),
  };
}

/** Each host of a text, known again by the word before it. */
function hostsIn(
  text: string,
  place: PatternPlace,
  rank: number,
  isDevice: (host: string) => boolean,
): readonly Candidate[] {
  return [...text.matchAll(word)].flatMap((found): Candidate[] => {
    const [host] = found;
    const [before, after] = [text.slice(0, found.index), text.slice(found.index + host.length)];
    if (!isDevice(host) || /[\w/@+~=-]$/.test(before) || /^[/@+~=]/.test(after)) return [];
    if (isAddressOf(host, before)) return [];
    const last = /\S*\s*$/.exec(before)?.[0] ?? '';
    const pattern = `${anchorOf(last)}(?<device>${isHost(host) ? certainHostName : hostName})`;
    return [{ in: place, pattern, rank: rank + (sourceWord.test(before) ? 4 : 0) }];
  });
}

/** `int-58 (10.58.0.1)` names one host. */
function isAddressOf(host: string, before: string): boolean {
  const [, named = ''] = /(\S+) [([]$/.exec(before) ?? [];
  return /^\d+(?:\.\d+){3}$/.test(host) && isHost(named);
}

/** The word before a host; any word where that one says whether the host works. */
function anchorOf(last: string): string {
  if (last === '') return '^';
  const bare = last.trim();
  if (failureWord.test(bare) || successWord.test(bare)) return '\\pL[^\\pL\\pN]*\\s';
  return `${/^\w/.test(last) ? '\\b' : ''}${escapePattern(last).replace(/\s+/g, '\\s+')}`;
}
