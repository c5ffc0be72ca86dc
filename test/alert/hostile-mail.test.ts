import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftFormat } from '../../src/alert/draft/draft-format.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { mailOf } from '../support/mail-of.ts';

const bodyLength = 262_144;
/** Linear work takes well under a second; what grows with the square of the length takes minutes. */
const patienceMs = 20_000;

const formats = compileFormats(Object.values(shippedFormats));
const policy = { domains: ['example.net'], nodes: ['int-*'], relays: [], rejectSubjectWords: [] };

/** What makes each format look closer at a mail. */
const invitations: readonly (readonly [subject: string, text: string])[] = [
  ['x', 'Device: a\nFailure: b\n'],
  ['x', 'Playbook: a\nHost: b\nThe following task failed:\n'],
  ['[ftpsync@int-38] ERROR', ''],
  ['Cron <root@int-38> x', ''],
  ['Cron <root@int-38> x', 'a1: exited with exit code 1\n'],
  ['Cron <root@int-38> x', 'push to a1 failed with 1\n'],
  ['x', 'Notification Type: PROBLEM\nHost: x\nState: DOWN\n'],
  ['unattended-upgrades result for int-38: FAILURE', ''],
  ['debmirror on int-38 failed', ''],
  ['it failed', 'rsync: \n'],
  ['unknown', ''],
  ['x', 'fatal: [a1]: FAILED! => {"msg": "x"}\n'],
  ['Cron <root@int-38> x', 'clush: a1: command timeout\n'],
];

/** Pieces of what the formats look for: begun, and never ended. */
const pieces = [
  'Alert-Id: 1\n',
  'Device:',
  'device',
  ' "failed": true\n',
  ' "item": "',
  ' "url": "/',
  'Task: ',
  'copy of ',
  'rsync: /',
  '/a.deb',
  "'/",
  '"a',
  'clush: 1/1 ',
  'a1: ',
  'a1,a2,a3,a4,a5,a6,a7,a8: ',
  'b1,b2,b3,b4,b5,b6: command timeout\n',
  'fatal: [a1]: FAILED! => {',
  ' to a1 failed',
  'x to a2 \n',
  'Info:\n',
  'Address: ',
  'The URI /',
  'Packages that attempted to upgrade:\n',
  'error',
  'a.',
  '\n',
  ' ',
  '=',
  '-',
  '\u0000',
  'ö',
];

/** Returns how long it took, in ms, and how many alerts were found. */
function readAndDraft(subject: string, text: string): { readonly tookMs: number; readonly alerts: number } {
  const mail = mailOf({ subject, text });
  const began = performance.now();
  const { alerts } = readAlertMail(mail, new Date(), policy, formats, inventoryOf());
  draftFormat([mail]);
  return { tookMs: performance.now() - began, alerts: alerts.length };
}

const fill = (unit: string) => unit.repeat(Math.ceil(bodyLength / unit.length));

describe('a mail of 256 KB that wants to keep the bot busy', () => {
  test(
    'is read in bounded work, whatever it repeats',
    () => {
      const body = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(fc.constantFrom(...invitations), body, ([subject, start], repeated) => {
          const { tookMs, alerts } = readAndDraft(subject, `${start}${fill(repeated.join(''))}`);
          expect(tookMs).toBeLessThan(patienceMs);
          expect(alerts).toBeLessThanOrEqual(1_000);
        }),
        // Seen: from each empty line, a search for the beginning of a line went over all those after it.
        { numRuns: 20, examples: [[['x', 'Device: a\nFailure: b\n'], ['\n']]] },
      );
    },
    10 * patienceMs,
  );

  test.each(['a', '-', 'a.', '(', '@', 'ö'])(
    'is read in bounded work where its subject repeats %j before it fails',
    (unit) => {
      const { tookMs } = readAndDraft(`${fill(unit)} failed`, 'Device: a\nFailure: b\n');
      expect(tookMs).toBeLessThan(patienceMs);
    },
    10 * patienceMs,
  );
});
