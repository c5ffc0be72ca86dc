import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { loadConfig, parseConfig } from '../../src/config/load-config.ts';

const shippedFormatNames = ['plain', 'ansible-mail'];
const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restage-config-'));
  file = join(folder, 'restage.yaml');
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys/int-38'), '');
  writeFileSync(join(folder, 'inventory.csv'), 'name\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string, env = {}) => parseConfig(text, file, env, { shippedFormatNames });

/** The faults of a text, each as `line key: message`. */
function faultsOf(text: string, env = {}, requireSecrets = false): readonly string[] {
  try {
    parseConfig(text, file, env, { shippedFormatNames, requireSecrets });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ line, key, message }) => `${line ?? 'env'} ${key}: ${message}`);
  }
  return [];
}

test('the padding that some tools write behind a host key is no part of it', () => {
  const hostKey = `SHA256:${'a'.repeat(43)}`;
  const server = `host: a, user: b, privateKeyFile: keys/int-38, hostKey: "${hostKey}="`;
  expect(parse(`servers: { a: { ${server} } }`).config.servers[0]?.hostKey).toBe(hostKey);
});

test('the example in manifests/ loads, and shows every key', () => {
  const example = readFileSync(join(import.meta.dirname, '../../manifests/restage.example.yaml'), 'utf8');
  writeFileSync(file, example);
  const token = 'a-token-of-good-length';
  const env = {
    ...tokens,
    RESTAGE_IMAP_ALERTS_PASSWORD: 'pw',
    RESTAGE_HTTP_OPS_TOKEN: token,
    RESTAGE_HTTP_PROMETHEUS_TOKEN: token,
  };
  const { config, secrets } = loadConfig(file, env, { shippedFormatNames, requireSecrets: true });
  expect(config).toMatchObject({
    timeZone: 'Europe/Berlin',
    database: { dataDir: join(folder, 'data') },
    intake: { imap: [{ name: 'alerts', tlsCaFile: null }], smtp: { port: 2525, maxSizeBytes: 5_000_000 } },
    formats: ['plain', 'ansible-mail', { name: 'our-tool', each: '^=== ' }],
    inventory: { csv: join(folder, 'inventory.csv'), json: null, url: null, sql: null, everyMs: 10_000 },
    outages: {
      sources: [
        { name: 'maintenance calendar', type: 'ical', file: null, everyMs: 300_000 },
        { name: 'outages.csv', type: 'csv', file: join(folder, 'outages.csv'), url: null },
      ],
    },
    delivery: { scheduleMs: [0, 30_000, 300_000, 3_600_000], editEveryMs: 2000, lateEffectMs: 25_000 },
    servers: [{ name: 'int-38', privateKeyFile: join(folder, 'keys/int-38') }],
    control: { socket: join(folder, 'data/control.sock') },
  });
  expect(config.thresholds.map(({ id }) => id)).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((index) => `thresholds[${index}]`),
  );
  expect(config.servers[0]?.allowed).toEqual([
    {
      program: 'rsync',
      flags: [
        { name: '-a', value: null },
        { name: '--timeout', value: '\\d+' },
      ],
      arguments: ['/srv/packages/[A-Za-z0-9._-]+', '[a-z0-9-]+:/srv/incoming/'],
      directories: ['/srv/packages'],
      list: null,
      environment: [
        { name: 'RSYNC_PROXY', pattern: '[a-z0-9.-]+:\\d+' },
        { name: 'RSYNC_RSH', exactly: 'ssh' },
      ],
    },
    {
      program: '/opt/fan/push',
      flags: [
        { name: '--via', value: '[a-z0-9-]+' },
        { name: '--to', value: '[a-z0-9,-]+' },
      ],
      arguments: ['/srv/packages/[A-Za-z0-9._-]+'],
      directories: [],
      list: ['--to'],
      environment: [],
    },
  ]);
  expect(secrets.imapPasswords.get('alerts')?.reveal()).toBe('pw');
});

describe('defaults', () => {
  test('an empty file is a config', () => {
    const { config } = parse('');
    expect(config).toMatchObject({
      timeZone: 'UTC',
      formats: shippedFormatNames,
      intake: { imap: [], smtp: null },
      thresholds: [
        { id: 'thresholds[0]', failure: null, over: 'device', count: 4, withinMs: 1_800_000 },
        { id: 'thresholds[1]', failure: null, over: 'package', count: 4, withinMs: 1_800_000 },
      ],
      inventory: { csv: null },
      routing: { regions: [], fallbackChannel: 'maint-unknown' },
      approval: {
        requesters: [],
        approvers: [],
        requesterMayApprove: false,
        approvals: 1,
        large: null,
        hours: [],
        terminalUsers: {},
        expiresAfterMs: 28_800_000,
      },
    });
  });

  test('a section whose lines are all commented out counts as absent', () => {
    expect(parse('diagnosis:\n  # pings: 9\n').config.diagnosis.pings).toBe(3);
  });

  test('smtp: {} listens on this host alone', () => {
    expect(parse('intake: { smtp: {} }').config.intake.smtp).toEqual({
      host: '127.0.0.1',
      port: 2525,
      allowFrom: ['127.0.0.0/8', '::1/128'],
      maxSizeBytes: 5_000_000,
    });
  });

  test("a server is in the site's time zone, and can do without the recorder", () => {
    const server =
      '{ host: a, user: b, privateKeyFile: keys/int-38, knownHostsFile: inventory.csv, recorder: none }';
    const [profile] = parse(`servers: { INT-38: ${server} }`).config.servers;
    expect(profile).toMatchObject({ name: 'int-38', recorder: null, hostKey: null });
  });

  test('nothing in a config can be changed', () => {
    const { config } = parse('');
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.thresholds[0])).toBe(true);
    expect(Object.isFrozen(config.diagnosis.onVerdict)).toBe(true);
  });
});

describe('the lists of senders', () => {
  test('may be written in their own letters, and may be divided by package and job', () => {
    const text = `validation:
  domains: [München.example.net, { domain: example.org, packages: ['edge-*'] }, 10.0.0.0/8]
  nodes: [köln-1, 'int-*', { node: int-38, jobs: ['nightly-*'] }]
  relays: [ansible@Köln.example.net]
`;
    expect(parse(text).config.validation).toEqual({
      domains: [
        'xn--mnchen-3ya.example.net',
        { domain: 'example.org', packages: ['edge-*'], jobs: [] },
        '10.0.0.0/8',
      ],
      nodes: ['xn--kln-1-jua', 'int-*', { node: 'int-38', packages: [], jobs: ['nightly-*'] }],
      relays: ['ansible@xn--kln-sna.example.net'],
      rejectSubjectWords: [],
    });
  });

  test.each([
    ['{ domain: a/b }', 'domain: must be a domain, an IP address or a CIDR range (got "a/b")'],
    ['{ domian: example.net }', 'domian: is not a known key'],
    ['{ domain: example.net, packages: edge }', 'packages: must be a list (got "edge")'],
  ])('%s has a fault', (entry, fault) => {
    expect(faultsOf(`validation: { domains: [${entry}] }`).join('\n')).toContain(fault);
  });

  test('a part of an international name can not be left open', () => {
    expect(faultsOf("validation: { nodes: ['köln-*'] }").join()).toContain(
      "validation.nodes[0]: must be a node's name",
    );
  });
});

describe('faults', () => {
  test('all of them are named at once, each with its line and what to do', () => {
    const text = `timeZone: Europe/Berln
thresholds:
  - count: four
    within: 30m
  - { count: 2, wihtin: 5m }
routing:
  regions:
    eu:
      domains: [eu.example.net]
inventory:
  csv: missing.csv
`;
    expect(() => parseConfig(text, file, {}, { shippedFormatNames })).toThrow(
      [
        `${file}:1:1 timeZone: must be an IANA time zone (got "Europe/Berln"). Write for instance timeZone: Europe/Berlin`,
        `${file}:3:5 thresholds[0].count: must be a whole number of at least 1 (got "four"). Write for instance count: 4`,
        `${file}:5:5 thresholds[1].within: is missing. Write for instance within: 30m`,
        `${file}:5:5 thresholds[1]: is for the same alerts as thresholds[0], over the same. Remove one of them, or make one more specific.`,
        `${file}:5:17 thresholds[1].wihtin: is not a known key. Did you mean within?`,
        `${file}:8:5 routing.regions.eu.channel: is missing. Write for instance channel: maint-eu`,
        `${file}:11:3 inventory.csv: must be the path of a file that exists and can be read (got "missing.csv"). Create it, or remove the key.`,
      ].join('\n'),
    );
  });

  test.each([
    ['a key that nobody knows', 'treshold: 1', ['1 treshold: is not a known key']],
    ['a section that is a list', 'slack: [1]', ['1 slack: must be a section with keys (got a list)']],
    [
      'a list that is a word',
      'validation:\n  domains: a.net',
      ['2 validation.domains: must be a list (got "a.net")'],
    ],
    ['a file that is a list', '- a', ['1 : must be a section with keys (got a list)']],
    [
      'a format that nobody ships',
      'formats: [plan]',
      ['1 formats[0]: must be one of plain, ansible-mail (got "plan")'],
    ],
    ['a format twice', 'formats: [plain, plain]', ['1 formats[1]: is the same format as formats[0]']],
    [
      'a declared format with faults',
      'formats:\n  - name: x\n    match: [{ in: title, pattern: "(?=x)" }]',
      [
        '2 formats[0].extract: is missing',
        '3 formats[0].match[0].in: must be subject, body or header:NAME (got "title")',
        '3 formats[0].match[0].pattern: must be a regular expression in RE2 syntax (no look-around, no back-references) (got "(?=x)")',
      ],
    ],
    [
      'a range that is none',
      'intake: { smtp: { allowFrom: [10.0.0.0/33] } }',
      ['1 intake.smtp.allowFrom[0]: must be an IP address or a CIDR range (got "10.0.0.0/33")'],
    ],
    [
      'a region twice',
      'routing:\n  regions:\n    eu: { channel: a }\n    EU: { channel: b }',
      ['4 routing.regions.EU: is the same region as routing.regions.eu'],
    ],
    [
      'a key twice',
      'log: { level: info }\nlog: { level: warn }',
      ['2 log: stands twice in the same section'],
    ],
    [
      'a server without a key',
      'servers:\n  a:\n    host: a\n    user: b\n    hostKey: SHA256:x',
      [
        '2 servers.a: has no key to log in with',
        '5 servers.a.hostKey: must be a host key\'s fingerprint (got "SHA256:x")',
      ],
    ],
    [
      'a server whose host key is not checked',
      'servers:\n  a: { host: a, user: b, privateKeyFile: keys/int-38 }',
      ['2 servers.a: has no host key to check'],
    ],
    [
      'a server twice',
      'servers:\n  a: &a { host: a, user: b, privateKeyFile: keys/int-38, knownHostsFile: keys/int-38 }\n  A: *a',
      ['3 servers.A: is the same server as servers.a'],
    ],
    [
      'a key file that is not there',
      'servers:\n  a: { host: a, user: b, privateKeyFile: keys/none, knownHostsFile: keys/int-38 }',
      [
        '2 servers.a.privateKeyFile: must be the path of a file that exists and can be read (got "keys/none")',
      ],
    ],
  ])('%s', (_case, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test.each([
    ['inventory: { csv: none.csv }', 'Create it, or remove the key.'],
    [
      'servers:\n  a: { host: a, user: b, privateKeyFile: keys/none, knownHostsFile: keys/int-38 }',
      'Create it (ssh-keygen -t ed25519 -f FILE), or remove the server.',
    ],
    ['validation: { nodes: int-38 }', 'Write for instance nodes: [int-38]'],
    ['thresholds: { count: 3, within: 30m }', 'Write for instance thresholds: [{ … }]'],
  ])('%s: the hint says what to do', (text, hint) => {
    let hints: readonly (string | null)[] = [];
    try {
      parse(text);
    } catch (error) {
      if (error instanceof ConfigError) hints = error.faults.map((fault) => fault.hint);
    }
    expect(hints).toEqual([hint]);
  });

  test('a text that is no YAML, with the line', () => {
    expect(faultsOf('log:\n  level: "info\n')[0]).toMatch(/^3 : is no valid YAML: /);
  });

  test('a secret in the file is not repeated', () => {
    expect(() => parse('slack: { botToken: xoxb-verysecret }')).toThrow(
      /Secrets belong into the environment/,
    );
    expect(() => parse('slack: { botToken: xoxb-verysecret }')).not.toThrow(/verysecret/);
  });

  test('a file that is not there', () => {
    const missing = join(folder, 'none.yaml');
    expect(() => loadConfig(missing, {}, { shippedFormatNames })).toThrow(`${missing}: does not exist.`);
  });
});

describe('secrets', () => {
  const mailbox = 'intake: { imap: [{ name: Big-Alerts, host: a, user: b }] }';

  test('come from the environment', () => {
    const env = { ...tokens, DATABASE_URL: 'postgres://a:b@c/d', RESTAGE_IMAP_BIG_ALERTS_PASSWORD: ' pw\n' };
    const { secrets } = parse(mailbox, env);
    expect(secrets.databaseUrl?.reveal()).toBe('postgres://a:b@c/d');
    expect(secrets.slackBotToken?.reveal()).toBe('xoxb-1');
    expect(secrets.slackAppToken?.reveal()).toBe('xapp-1');
    expect(secrets.imapPasswords.get('big-alerts')?.reveal()).toBe('pw');
  });

  test('may be missing, but not where the bot starts', () => {
    expect(faultsOf(mailbox)).toEqual([]);
    expect(faultsOf(mailbox, { SLACK_BOT_TOKEN: '' }, true)).toEqual([
      'env RESTAGE_IMAP_BIG_ALERTS_PASSWORD: is not set',
      'env SLACK_BOT_TOKEN: is not set',
      'env SLACK_APP_TOKEN: is not set',
    ]);
  });

  test('that stand in the wrong variable are noticed, and not repeated', () => {
    const env = { SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1', DATABASE_URL: 'mysql://x' };
    expect(faultsOf('', env)).toEqual([
      'env DATABASE_URL: does not look right',
      'env SLACK_BOT_TOKEN: does not look right',
      'env SLACK_APP_TOKEN: does not look right',
    ]);
  });
});

describe('a YAML text that would never end, or says nothing', () => {
  const nineOf = (item: string) => Array<string>(9).fill(item).join(',');
  const levels = 'a b c d e f g h i'.split(' ');
  const bomb = levels
    .map((name, level) => `${name}: &${name} [${nineOf(level === 0 ? 'x' : `*${levels[level - 1] ?? ''}`)}]`)
    .join('\n');

  test.each([
    ['aliases of aliases', bomb, /^2 : aliases stand for more than 200000 values$/],
    ['a list within itself', 'intake: &a [*a]', /^1 : is an alias within what it stands for$/],
    ['a section within itself', '&r\nintake: { imap: *r }', /^2 : is an alias within what it stands for$/],
    ['an unknown alias', 'timeZone: *none', /^1 : names an anchor that does not stand before it$/],
    ['deep nesting', `intake: ${'['.repeat(20_000)}`, /^1 : is no valid YAML: it is nested too deeply$/],
  ])('is a fault with its place: %s', (_name, text, fault) => {
    expect(faultsOf(text)[0]).toMatch(fault);
  });

  test.each([
    ['an empty text', ''],
    ['comments alone', '# intake:\n#   smtp: {}\n'],
    ['sections without keys', 'intake:\n'],
  ])('is a fault of the file: %s', (_name, text) => {
    writeFileSync(file, text);
    expect(() => loadConfig(file, {}, { shippedFormatNames })).toThrow(
      'is empty. manifests/restage.example.yaml',
    );
  });

  test('may use one alias as often as it likes', () => {
    const text = `validation: { nodes: [&n int-1, ${Array<string>(500).fill('*n').join(',')}] }`;
    expect(parse(text).config.validation.nodes).toHaveLength(501);
  });
});

test('a config without any way in for alerts is loaded with a warning', () => {
  const messages = (text: string) => parse(text).warnings.map(({ key, message }) => `${key} ${message}`);
  expect(messages('timeZone: UTC')).toEqual(['intake has no way in: no alert will ever arrive']);
  expect(messages('intake: { smtp: {} }')).toEqual([]);
});
