import { expect, test } from 'vitest';
import { nameRecipients } from '../../src/redistribution/name-recipients.ts';
import { makeRecord } from './records.ts';

const nameOf = (recipient: string) => recipient.split('.')[0] ?? recipient;

test('B6: recipients are called as alerts call them, and in a command as their log does', () => {
  const original = makeRecord({ 'a.example.net': 'failed', b: 'failed', 'c.example.net': 'succeeded' });
  const { records, asLogged } = nameRecipients([original], nameOf);
  const [record = original] = records;
  expect(record.recipients.map(({ name, result }) => `${name} ${result}`)).toEqual([
    'a failed',
    'b failed',
    'c succeeded',
  ]);
  const rerun = { record, recipients: ['a', 'b'], untold: ['a'], outdated: [] };
  expect(asLogged(rerun)).toEqual({
    record: original,
    recipients: ['a.example.net', 'b'],
    untold: ['a.example.net'],
    outdated: [],
  });
});

test('B6: a device that one run names twice keeps both results', () => {
  const original = makeRecord({ 'a.example.net': 'failed', 'a.example.org': 'succeeded' });
  const { records, asLogged } = nameRecipients([original], nameOf);
  expect(records).toEqual([original]);
  const rerun = { record: original, recipients: ['a.example.net'], untold: [], outdated: [] };
  expect(asLogged(rerun)).toBe(rerun);
});
