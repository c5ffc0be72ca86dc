import { expect, test } from 'vitest';
import { foldCommand } from '../../src/messages/fold-command.ts';

const names = Array.from({ length: 8 }, (_, index) => `c${index + 1}`);

test.each([
  [`push --to ${names.join(',')} /srv/x`, 'push --to … 8 recipients … /srv/x'],
  [`push --to=${names.join(',')} /srv/x`, 'push --to=… 8 recipients … /srv/x'],
  [`push ${names.join(' ')} --fast`, 'push … 8 recipients … --fast'],
  [`push --via c1 ${names.join(' ')}`, 'push --via c1 … 8 recipients …'],
  [`push --via=c1 ${names.join(' ')}`, 'push --via=c1 … 8 recipients …'],
  [`push --to=${names.join(',')} ${names.join(' ')}`, 'push --to=… 8 recipients … … 8 recipients …'],
  [`pdsh -w deploy@${names.join(',root@')} id`, `pdsh -w deploy@${names.join(',root@')} id`],
  ['push --to c1,c2 --not x1,x2,x3,x4,x5,x6,x7', 'push --to c1,c2 --not x1,x2,x3,x4,x5,x6,x7'],
  [
    `push --to=${names.join(',')} --also=${names.join(',')}`,
    'push --to=… 8 recipients … --also=… 8 recipients …',
  ],
])('%s is shown as %s', (quoted, shown) => {
  expect(foldCommand(quoted, names)).toBe(shown);
});
