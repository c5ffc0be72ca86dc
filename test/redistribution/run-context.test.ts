import { describe, expect, it } from 'vitest';
import { isGuarded } from '../../src/domain/guarded-variable.ts';
import type { RunContext } from '../../src/domain/redistribution.ts';
import { adoptContext } from '../../src/redistribution/run-context.ts';
import { matchTemplate } from '../../src/redistribution/template.ts';
import { serverProfile } from '../support/server-profile.ts';
import { makeRecord } from './records.ts';

const context = (change: Partial<RunContext> = {}): RunContext => ({
  environment: {},
  user: 'restage',
  umask: '0022',
  version: null,
  ...change,
});
const adopt = (one: RunContext | undefined, running = {}) =>
  adoptContext(
    makeRecord({ a: 'failed' }, one ? { context: one } : {}),
    serverProfile({ user: 'restage', running }),
  );

describe('B12: the surroundings of the original', () => {
  it('are set again', () => {
    const { environment, changed, refusal } = adopt(context({ environment: { ANSIBLE_INVENTORY: 'prod' } }));
    expect({ environment, changed, refusal }).toEqual({
      environment: { ANSIBLE_INVENTORY: 'prod' },
      changed: undefined,
      refusal: null,
    });
  });

  it('are not set again where the config sets the same', () => {
    const environment = { RSYNC_RSH: 'ssh' };
    expect(adopt(context({ environment }), { environment }).environment).toBeUndefined();
  });

  it('cannot be made again without a secret that only the config could set', () => {
    const secret = context({ environment: { RSYNC_PASSWORD: null } });
    expect(adopt(secret).refusal).toContain('RSYNC_PASSWORD, whose value is not recorded');
    expect(adopt(secret, { environment: { RSYNC_PASSWORD: 'x' } }).refusal).toBeNull();
  });

  it.each([
    ['root', null, ['it ran as root, and runs as restage now']],
    ['root', 'root', undefined],
    ['restage', null, undefined],
    [null, null, undefined],
  ])('ran as %s, with sudo as %s now', (user, sudo, changed) => {
    expect(adopt(context({ user }), { sudo }).changed).toEqual(changed);
  });

  it.each([
    ['0002', 'record', 'root', '/bin/restage-record', undefined],
    ['0002', 'record', 'root', null, ['it ran with umask 0002, which sudo may make stricter']],
    [
      '0002',
      'ansible',
      'root',
      '/bin/restage-record',
      ['it ran with umask 0002, which sudo may make stricter'],
    ],
    ['0002', 'ansible', null, '/bin/restage-record', undefined],
    ['0027', 'ansible', 'root', null, undefined],
    [null, 'ansible', 'root', null, undefined],
  ])(
    'had umask %s in a log of %s; with sudo as %s, through the recorder %s',
    (umask, adapter, sudo, recorder, changed) => {
      const record = makeRecord({ a: 'failed' }, { adapter, context: context({ umask, user: null }) });
      const profile = { ...serverProfile({ running: { sudo } }), recorder };
      expect(adoptContext(record, profile).changed).toEqual(changed);
    },
  );

  it('of a record that tells nothing are left as they are', () => {
    expect(adopt(undefined)).toEqual({ refusal: null });
  });
});

describe('B12: variables that a template allows', () => {
  const template = {
    program: 'push',
    flags: [],
    arguments: [],
    directories: [],
    environment: [
      { name: 'ANSIBLE_INVENTORY', pattern: '[a-z]+' },
      { name: 'RSYNC_RSH', exactly: 'ssh -o BatchMode=yes' },
    ],
  };
  it.each([
    [{ ANSIBLE_INVENTORY: 'prod' }, null],
    [{ RSYNC_RSH: 'ssh -o BatchMode=yes', ANSIBLE_INVENTORY: 'a' }, null],
    [{ ANSIBLE_INVENTORY: '/tmp/script' }, 'ANSIBLE_INVENTORY="/tmp/script", which is not allowed'],
    [{ RSYNC_RSH: 'ssh' }, 'RSYNC_RSH="ssh", which is not allowed'],
    [{ LD_PRELOAD: '/tmp/x.so' }, 'LD_PRELOAD="/tmp/x.so", which is not allowed'],
    [{ ANSIBLE_CONFIG: '/tmp/ansible.cfg' }, 'ANSIBLE_CONFIG="/tmp/ansible.cfg", which is not allowed'],
  ])('%j', (environment, reason) => {
    const match = matchTemplate({ argv: ['push'], cwd: '/', environment }, [template]);
    expect(match.allowed ? null : match.reason).toEqual(reason && expect.stringContaining(reason));
  });

  it.each([
    ...['LD_PRELOAD', 'PATH', 'PYTHONPATH', 'RSYNC_RSH', 'ANSIBLE_CONFIG', 'ANSIBLE_CALLBACK_PLUGINS'],
    ...['ANSIBLE_LIBRARY', 'ANSIBLE_ROLES_PATH', 'PDSH_MODULE_DIR', 'BASH_ENV', 'GIT_SSH_COMMAND', 'HOME'],
  ])('%s is allowed by exact value only', (name) => {
    expect(isGuarded(name)).toBe(true);
  });

  it.each(['ANSIBLE_INVENTORY', 'WCOLL', 'FANOUT', 'RSYNC_PROXY', 'TIER'])(
    '%s may have a pattern',
    (name) => {
      expect(isGuarded(name)).toBe(false);
    },
  );
});
