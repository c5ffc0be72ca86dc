import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { generateKeyPair } from '../../../src/demo/site/key-pair.ts';

it('every generated key pair can be parsed, public and private', () => {
  const pairs = Array.from({ length: 2_000 }, generateKeyPair);
  const isParsed = (key: string) => !(ssh2.utils.parseKey(key) instanceof Error);
  expect(pairs.filter((pair) => !isParsed(pair.public) || !isParsed(pair.private))).toEqual([]);
});
