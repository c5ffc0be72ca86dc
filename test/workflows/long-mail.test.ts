import { describe, expect, test } from 'vitest';
import type { SearchedMail } from '../../src/alert/formats.ts';
import { searchFormats } from '../../src/alert/search-formats.ts';
import { UnreadableMail } from '../../src/domain/mail.ts';
import { readMail } from '../../src/workflows/intake/read-mail.ts';
import { loadExampleNet } from '../support/example-net.ts';

const { deps } = loadExampleNet();
const searchApart = (mail: SearchedMail) =>
  Promise.resolve(structuredClone(searchFormats(structuredClone(mail), deps.policies.formats)));
const never = () => Promise.reject(new UnreadableMail('took-too-long', 'it is searched apart'));

const alert = 'Device: int-38\r\nFailure: timeout\r\n';
const mailOf = (body: string) => ({
  source: Buffer.from(`From: root@int-38.eu.example.net\r\nSubject: [dist] FAILED\r\n\r\n${body}`),
  via: 'smtp',
  receivedAt: new Date('2026-11-23T13:00:00Z'),
});
const long = mailOf(`${alert}${'a line that says nothing\r\n'.repeat(1000)}`);

describe('A6: a mail whose text is long', () => {
  test('is searched apart and read to the same alerts as on the event loop', async () => {
    const apart = await readMail({ ...deps, searchApart }, long);
    expect(apart.reading).toMatchObject({ state: 'accepted', alerts: [{ device: 'int-38' }] });
    expect(apart).toEqual(await readMail(deps, long));
  });

  test('is a dead letter with its reason if the search takes too long', async () => {
    const { reading } = await readMail({ ...deps, searchApart: never }, long);
    expect(reading).toMatchObject({ state: 'dead-letter', gates: [{ reason: 'took-too-long' }] });
  });
});

test('A6: an ordinary mail is searched on the event loop', async () => {
  const { reading } = await readMail({ ...deps, searchApart: never }, mailOf(alert));
  expect(reading.state).toBe('accepted');
});
