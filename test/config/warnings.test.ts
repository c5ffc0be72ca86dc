import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load-config.ts';

const template = (program: string, rest = '') =>
  parseConfig(
    `intake: { smtp: {} }\nservers: { a: { host: a, user: b, agentSocket: /run/agent, hostKey: "SHA256:${'A'.repeat(43)}", allow: [{ program: ${program}${rest} }] } }`,
    'restage.yaml',
    {},
    { shippedFormatNames: [] },
  ).warnings.map(({ line, key, message }) => `${line} ${key} ${message}`);

test.each(['ansible-playbook', '/usr/bin/ansible', 'make', '/usr/bin/npm', 'git'])(
  'B10: %s without directories is loaded with a warning, since a directory can steer it',
  (program) => {
    const tool = program.split('/').at(-1);
    expect(template(program)).toEqual([
      `2 servers.a.allow[0] allows ${tool} in any directory, and ${tool} does what the files there say`,
    ]);
    expect(template(program, ', directories: ["/srv/plays"]')).toEqual([]);
  },
);

test.each(['rsync', '/usr/bin/pdsh', 'clush'])(
  '%s without directories is loaded without a warning',
  (program) => expect(template(program)).toEqual([]),
);
