import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { countBeyondLines, cutLines } from '../../src/alert/long-lines.ts';
import { readFormat } from '../../src/alert/read-format.ts';
import { toSearchText } from '../../src/alert/search-text.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { mailOf } from '../support/mail-of.ts';

const most = 16_384;
const formats = compileFormats(Object.values(shippedFormats));

function read(subject: string, text: string) {
  return readFormat(mailOf({ subject, text }), new Date(), formats, inventoryOf());
}

describe('long lines', () => {
  test.each([
    ['no line', '', '', 0],
    ['a line of just the bound', 'a'.repeat(most), 'a'.repeat(most), 0],
    ['a line one over the bound', `${'a'.repeat(most)}b`, 'a'.repeat(most), 1],
    ['a long line amid short ones', `x\n${'a'.repeat(most)}bc\ny\n`, `x\n${'a'.repeat(most)}\ny\n`, 2],
    ['two long lines', `${'a'.repeat(most)}b\n`.repeat(2), `${'a'.repeat(most)}\n`.repeat(2), 2],
  ])('are cut, and counted: %s', (_, text, kept, beyond) => {
    expect(cutLines(toSearchText(text)).text).toBe(kept);
    expect(countBeyondLines(text)).toBe(beyond);
  });

  test('leave the text as it is if there are none', () => {
    const text = toSearchText('short\n'.repeat(10_000));
    expect(cutLines(text)).toBe(text);
  });

  test('still name each device, and the format gate says how much of them was not read', () => {
    const nodes = Array.from({ length: 4 }, (_, index) => `node-${index}`);
    const line = `${nodes.join(',')}: ${'x'.repeat(most)}: command timeout\n`;
    const accepted = read('Cron <root@int-38> clush -a push', `clush: a1: command timeout\n${line}`);
    expect(accepted).toMatchObject({ state: 'accepted', gate: { values: { alerts: 5 } } });
    expect(accepted.gate.values['unreadCharacters']).toBe(line.length - 1 - most);
  });

  test('of a header are read as far as the bound', () => {
    const subject = `Cron <root@int-38> rsync ${'x'.repeat(200_000)}`;
    expect(read(subject, 'failed\n')).toMatchObject({
      state: 'accepted',
      alerts: [{ device: 'int-38' }],
    });
  });
});
