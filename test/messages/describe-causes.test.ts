import { expect, test } from 'vitest';
import { describeCauses } from '../../src/messages/describe-causes.ts';
import { clients } from './fixtures.ts';

const refused = 'failed: connection refused';

test.each<[what: string, recipients: readonly string[], causes: string[], said: string]>([
  ['none', ['a'], [], '–'],
  ['one', ['a'], ['disk full'], 'disk full'],
  ['the same for all', clients, clients.map(() => refused), refused],
  ['the same behind each name', clients, clients.map((name) => `${name}: ${refused}`), refused],
  ["another's name", ['a', 'b'], ['b: gone', 'a: gone'], 'b: gone (1); a: gone (1)'],
  ['the commonest first', ['a', 'b', 'c'], ['x', 'y', 'y'], 'y (2); x (1)'],
  ['too many', ['a', 'b', 'c', 'd', 'e'], ['1', '2', '3', '4', '5'], '1 (1); 2 (1); 3 (1) and 2 more causes'],
  ['markup', ['a'], ['<!channel>'], '&lt;!channel&gt;'],
])('causes: %s', (_, recipients, causes, said) => {
  expect(describeCauses(recipients, causes)).toBe(said);
});
