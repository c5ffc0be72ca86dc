import { expect, test } from 'vitest';
import { readWhy } from '../../src/ticket/read-why.ts';

test.each([
  [['int-38'], { kind: 'device', name: 'int-38' }],
  [['10.38.0.1'], { kind: 'device', name: '10.38.0.1' }],
  [['12'], { kind: 'number', id: 12 }],
  [['#12'], { kind: 'ticket', id: 12 }],
  [['ticket', '12'], { kind: 'ticket', id: 12 }],
  [['Ticket', '#12'], { kind: 'ticket', id: 12 }],
  [['mail', '17'], { kind: 'mail', id: 17 }],
  [['device', '12'], { kind: 'device', name: '12' }],
  [[], null],
  [['mail'], { kind: 'device', name: 'mail' }],
  [['mail', 'x'], null],
  [['#maint-eu'], null],
  [['int-38', 'int-39'], null],
  [['9'.repeat(16)], { kind: 'device', name: '9'.repeat(16) }],
] as const)('what is asked by the words %j', (words, expected) => {
  expect(readWhy(words)).toEqual(expected);
});
