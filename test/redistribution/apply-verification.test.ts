import { expect, it } from 'vitest';
import type { RecipientResult } from '../../src/domain/redistribution.ts';
import { applyVerification, type Verification } from '../../src/redistribution/apply-verification.ts';

const results: readonly RecipientResult[] = [
  { name: 'a', result: 'succeeded', cause: null },
  { name: 'b', result: 'failed', cause: 'refused' },
];

it.each<[string, Verification | null, string]>([
  ['none was made', null, 'a succeeded, b failed'],
  ['all is in place', { verdict: 'in-place' }, 'a succeeded, b failed'],
  ['something is left to do', { verdict: 'differs', detail: '>f+ x' }, 'a failed: >f+ x, b failed'],
  [
    'it could not be made',
    { verdict: 'unclear', detail: 'exit code 12' },
    'a unknown: exit code 12, b failed',
  ],
])('B13: the results where %s', (_name, verification, expected) => {
  const shown = applyVerification(results, verification).map(({ name, result, cause }) => {
    const detail = cause?.includes(': ') ? cause.slice(cause.indexOf(': ')) : '';
    return `${name} ${result}${detail}`;
  });
  expect(shown.join(', ')).toBe(expected);
});
