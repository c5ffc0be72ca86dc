import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findListedDomain } from '../../src/alert/domain-list.ts';

describe('the domain list', () => {
  test.each([
    ['example.com', ['example.com'], 'example.com'],
    ['int-38.eu.example.com', ['example.com'], 'example.com'],
    ['int-38.eu.example.com', ['eu.example.com'], 'eu.example.com'],
    ['int-38.us.example.com', ['eu.example.com'], null],
    ['evil-example.com', ['example.com'], null],
    ['example.com.evil.org', ['example.com'], null],
    ['com', ['example.com'], null],
    ['INT-38.Example.COM.', ['Example.com'], 'Example.com'],
    ['example.com', [''], null],
    ['example.com', [], null],
    ['10.20.0.1', ['10.20.0.1'], '10.20.0.1'],
    ['10.20.0.1', ['10.20.0.0/16'], '10.20.0.0/16'],
    ['10.21.0.1', ['10.20.0.0/16'], null],
    ['10.20.0.1', ['0.1', '20.0.1', '10.20.0.10'], null],
    ['evil.10.20.0.1', ['10.20.0.1'], null],
    ['2001:db8::1', ['2001:DB8:0::1'], '2001:DB8:0::1'],
    ['2001:db8::1', ['2001:db8::/32'], '2001:db8::/32'],
    ['2001:db8::1', ['10.0.0.0/8'], null],
    ['::ffff:10.20.0.1', ['10.20.0.0/16'], '10.20.0.0/16'],
  ])('%s with the list %j: %s', (domain, list, entry) => {
    expect(findListedDomain(domain, list)).toBe(entry);
  });

  test('never lets a domain pass that is neither a listed one nor below it', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,4}$/);
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const tricky = fc
      .tuple(fc.constantFrom('', 'evil', 'evil-', '.', 'a.', '-'), name, fc.constantFrom('', '.', '.x'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(name, tricky),
        fc.array(fc.oneof(name, tricky), { maxLength: 5 }),
        (domain, list) => {
          const entry = findListedDomain(domain, list);
          if (entry === null) return;
          const [below, tail] = [domain, entry].map((text) => text.replace(/\.$/, '').split('.'));
          expect(list).toContain(entry);
          expect(below?.slice(-(tail?.length ?? 0))).toEqual(tail);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('lets every listed domain and everything below it pass', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 4 }),
        fc.array(label, { maxLength: 3 }),
        (tail, above) => {
          const entry = tail.join('.');
          expect(findListedDomain([...above, ...tail].join('.'), [entry])).toBe(entry);
        },
      ),
    );
  });
});
