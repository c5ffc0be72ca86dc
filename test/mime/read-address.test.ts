import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFirstMailbox } from '../../src/adapters/mime/read-address.ts';

describe('the sender of a mail', () => {
  test.each([
    ['root@int-38.example.net', 'root', 'int-38.example.net'],
    ['Root <root@INT-38.Example.net>', 'root', 'int-38.example.net'],
    ['root@int-38.example.net (Cron Daemon)', 'root', 'int-38.example.net'],
    [
      'Root (a (nested \\) <b@evil.example>) comment) <root@int-38.example.net>',
      'root',
      'int-38.example.net',
    ],
    ['root(a)@(b)int-38(c).example . net', 'root', 'int-38.example.net'],
    ['"Doe, Jane <j@evil.example>" <root@int-38.example.net>', 'root', 'int-38.example.net'],
    ['Ops: root@int-38.example.net, b@evil.example;', 'root', 'int-38.example.net'],
    ['Nobody:;, root@int-38.example.net', 'root', 'int-38.example.net'],
    ['a@int-38.example.net, b@evil.example', 'a', 'int-38.example.net'],
    ['<@relay.example,@other.example:root@int-38.example.net>', 'root', 'int-38.example.net'],
    ['"dist alerts"@example.net', 'dist alerts', 'example.net'],
    ['root@[10.20.0.1]', 'root', '10.20.0.1'],
    ['root@[IPv6:2001:DB8::1]', 'root', '2001:db8::1'],
    ['root@münchen.example.net', 'root', 'xn--mnchen-3ya.example.net'],
  ])('%s', (header, local, domain) => {
    expect(readFirstMailbox(header)).toMatchObject({ local, domain });
  });

  test.each([
    [
      'an encoded word is no address',
      '=?utf-8?q?root=40int-38.example.net?= <b@evil.example>',
      'evil.example',
    ],
    ['nor is one that hides a comma', '=?utf-8?q?a@example.net=2C?= <b@evil.example>', 'evil.example'],
    ['an address as a display name is none', 'a@example.net <b@evil.example>', 'evil.example'],
    ['a quoted local is none', '"root@example.net"@evil.example', 'evil.example'],
  ])('%s', (_what, header, domain) => {
    expect(readFirstMailbox(header)?.domain).toBe(domain);
  });

  test.each([
    'nobody',
    '',
    '<>',
    'root@',
    '@example.net',
    'Ops:;',
    'root@example.net evil.example',
    'a <b@example.net',
    'a <b@example.net> c',
    '=?utf-8?q?a@example.net,?= <b@evil.example>',
  ])('%j names nobody, and nothing is guessed', (header) => {
    expect(readFirstMailbox(header)).toBeNull();
  });

  test('the whole address is quoted where its local part has to be', () => {
    expect(readFirstMailbox('"a b"@example.net')?.address).toBe('"a b"@example.net');
    expect(readFirstMailbox('"ab"@example.net')?.address).toBe('ab@example.net');
  });

  test('whatever a header says, reading it ends, and never finds an empty name', () => {
    const parts = fc.constantFrom(
      '<',
      '>',
      '@',
      ',',
      ';',
      ':',
      '(',
      ')',
      '"',
      '[',
      ']',
      '\\',
      '.',
      'a',
      'ö',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (header) => {
        const address = readFirstMailbox(header.join(''));
        expect(address === null || (address.local !== '' && address.domain !== '')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a From header beyond the bound', () => {
  const blanks = ' '.repeat(20_000);

  test('has no mailbox, rather than one that ends where reading ended', () => {
    expect(readFirstMailbox(`a@int-38.example.net${blanks}.evil.example`)).toBeNull();
    expect(readFirstMailbox(`<a@int-38.example.net${blanks}`)).toBeNull();
    expect(readFirstMailbox(`${blanks}a@int-38.example.net`)).toBeNull();
  });

  test('has the mailbox that ends before it', () => {
    const header = `Int 38 <a@int-38.example.net>,${'b@example.net,'.repeat(10_000)}`;
    expect(readFirstMailbox(header)?.address).toBe('a@int-38.example.net');
  });
});
