import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { classifyFailure } from '../../src/alert/failures.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import { RestageError } from '../../src/domain/errors.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';

describe('declared formats', () => {
  test.each<[string, Partial<AlertFormat>, RegExp]>([
    [
      'a pattern that is no RE2',
      { match: [{ in: 'body', pattern: '(?!x)' }] },
      /format "site": pattern \(\?!x\) is not valid/,
    ],
    ['a split that is no RE2', { each: '(' }, /format "site": pattern \( is not valid/],
    ['a condition that is no RE2', { only: '[' }, /format "site": pattern \[ is not valid/],
    [
      'a recovery that is no RE2',
      { recovers: [{ in: 'subject', pattern: '*' }] },
      /format "site": pattern \* is not valid/,
    ],
    [
      'a failure that is no RE2',
      { failures: [{ type: 'disk', pattern: '[' }] },
      /format "site": pattern \[ is not valid/,
    ],
    [
      'a group that is no field',
      { extract: [{ in: 'body', pattern: '(?<devcie>x)' }] },
      /group "devcie".*device/,
    ],
    ['no way to find the device', { extract: [{ in: 'body', pattern: '(?<job>x)' }] }, /device/],
  ])('with %s are refused, and the error says where', (_, change, message) => {
    const compile = () => compileFormats([{ ...plainFormat, name: 'site', ...change }]);
    expect(compile).toThrow(RestageError);
    expect(compile).toThrow(message);
    expect(compile).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

describe('failure types', () => {
  const siteFailures = [{ type: 'disk', pattern: 'no space left' }];
  const [format] = compileFormats(
    [{ ...plainFormat, failures: [{ type: 'licence', pattern: 'licence server' }] }],
    siteFailures,
  );
  const classify = (announced: string) => classifyFailure(announced, format?.failures ?? []);

  test.each([
    ['Failed to connect to the host via ssh: No route to host', 'connection'],
    ['rsync: connection unexpectedly closed (0 bytes received so far)', 'connection'],
    ['ssh: connect to host int-19 port 22: Connection timed out', 'connection'],
    ['Could not resolve host: dist-01', 'connection'],
    ['Failed to connect to the host via ssh: deploy@int-71: Permission denied (publickey).', 'access'],
    ['@ERROR: access denied to restricted from int-58', 'access'],
    ['HTTP Error 403: Forbidden', 'access'],
    ['Destination /srv is not writable', 'access'],
    ['Could not find or access the file', 'package'],
    ['Hash Sum mismatch', 'package'],
    ['something else', 'package'],
    ['', 'package'],
    [' Connection ', 'connection'],
    ['access', 'access'],
    ['Disk', 'disk'],
    ['write failed: No space left on device', 'disk'],
    ['connection to the licence server refused', 'licence'],
  ])('%j is of the type %s', (announced, type) => {
    expect(classify(announced)).toBe(type);
  });
});
