import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  describeFailure,
  type FailureKind,
} from '../../../src/adapters/postgres/failures.ts';
import { RestageError } from '../../../src/domain/errors.ts';

const withCode = (code: string) => Object.assign(new Error('as the driver says it'), { code });

const kinds: readonly (readonly [code: string, kind: FailureKind, what: string])[] = [
  ['40P01', 'conflict', 'a deadlock'],
  ['40001', 'conflict', 'a serialization failure'],
  ['55P03', 'conflict', 'a lock that was not free in time'],
  ['57014', 'away', 'a statement that took too long'],
  ['25P03', 'away', 'a transaction that was idle too long'],
  ['25P04', 'away', 'a transaction that took too long'],
  ['57P01', 'away', 'a session that an administrator ended'],
  ['57P03', 'away', 'a server that is starting'],
  ['25006', 'away', 'a server that is read-only after a failover'],
  ['53100', 'away', 'a full disk'],
  ['53300', 'away', 'too many connections'],
  ['58030', 'away', 'a disk that fails'],
  ['08006', 'away', 'a connection that failed'],
  ['CONNECTION_CLOSED', 'away', 'a connection that was lost'],
  ['CONNECT_TIMEOUT', 'away', 'a server that does not answer'],
  ['ECONNRESET', 'away', 'a connection that was reset'],
  ['database-unavailable', 'away', 'an embedded database that ended'],
  ['23505', 'own', 'a key that is there already'],
  ['22021', 'own', 'a character that can not be stored'],
  ['42P01', 'own', 'a table that is not there'],
  ['22P05', 'own', 'an untranslatable character'],
];

describe('the classification of a failed transaction', () => {
  it.each(kinds)('%s is %s: %s', (code, kind) => {
    expect(classifyFailure(withCode(code))).toBe(kind);
    expect(classifyFailure(new Error('as Drizzle wraps it', { cause: withCode(code) }))).toBe(kind);
  });

  it('is "own" for whatever has no code of these', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(classifyFailure(thrown)).toBe('own');
        expect(describeFailure(thrown)).toBe(thrown);
      }),
    );
  });

  it('says that the database is away, with the cause, for what passes by itself', () => {
    for (const [code, kind] of kinds.filter(([, each]) => each !== 'own')) {
      const cause = withCode(code);
      expect([kind, describeFailure(cause)]).toEqual([
        kind,
        expect.objectContaining({ code: 'database-unavailable', cause }),
      ]);
      expect(describeFailure(cause)).toBeInstanceOf(RestageError);
    }
  });
});
