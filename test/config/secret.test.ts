import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.ts';

test('a secret is given away by reveal() alone', () => {
  const secret = new Secret('xoxb-1');
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    format('%s %o %j', secret, secret, secret),
  ];
  for (const text of shown) {
    expect(text).toContain('[secret]');
    expect(text).not.toContain('xoxb');
  }
  expect(secret.reveal()).toBe('xoxb-1');
});
