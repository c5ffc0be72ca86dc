import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** What each room may import: other rooms, and packages. `type:` means type-only. A room is the longest prefix that fits. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  domain: ['type:@slack/types'],
  alert: ['domain', 're2js', 'ipaddr.js'],
  threshold: ['domain'],
  heartbeat: ['domain'],
  outage: ['domain'],
  diagnosis: ['domain'],
  ticket: ['domain'],
  paging: ['domain'],
  report: ['domain'],
  redistribution: ['domain', 're2js', 'node:crypto'],
  messages: ['domain', 'type:@slack/types'],
  config: [
    'domain',
    'paging',
    'node:fs',
    'node:path',
    'node:util',
    'node:net',
    'yaml',
    'zod',
    're2js',
    'ipaddr.js',
  ],
  workflows: [
    'domain',
    'alert',
    'threshold',
    'heartbeat',
    'outage',
    'diagnosis',
    'ticket',
    'paging',
    'report',
    'redistribution',
    'messages',
  ],
  'adapters/chart': ['domain', 'node:', 'chart.js', '@napi-rs/canvas'],
  'adapters/control': ['domain', 'node:'],
  'adapters/http': ['domain', 'node:'],
  'adapters/metrics': ['domain', 'prom-client'],
  'adapters/probe-mail': ['domain', 'nodemailer'],
  'adapters/imap': ['domain', 'node:', 'imapflow'],
  'adapters/calendar': ['domain', 'node:', 'ical.js'],
  'adapters/inventory': ['domain', 'node:', 'csv-parse'],
  'adapters/outages': ['domain', 'csv-parse'],
  'adapters/text': ['domain', 'node:'],
  'adapters/log': ['domain', 'pino'],
  'adapters/mail': ['domain', 'nodemailer'],
  'adapters/mime': ['domain', 'node:', 'mailparser'],
  'adapters/reader': ['domain', 'node:'],
  'adapters/ping': ['domain', 'node:', 'net-ping'],
  'adapters/postgres': ['domain', 'node:', 'drizzle-orm', 'postgres', '@electric-sql/pglite'],
  'adapters/queue': ['domain', 'pg-boss'],
  'adapters/slack': ['domain', 'node:', '@slack/', 'zod'],
  'adapters/smtp': ['domain', 'node:', 'smtp-server'],
  'adapters/sql': ['domain', 'postgres'],
  'adapters/ssh': ['domain', 'node:', 'ssh2', 'adapters/ssh/logs'],
  'adapters/ssh/logs': ['domain', 'node:', 'type:ssh2', 'fzstd', 'xz-decompress'],
  'demo/workspace': ['domain', 'node:', 'ws', 'yaml', 'type:@slack/types'],
  'demo/site': ['domain', 'node:', 'ssh2'],
  demo: [
    'domain',
    'node:',
    'adapters/log',
    'alert',
    'messages',
    'config',
    'workflows',
    'app',
    'demo/workspace',
    'demo/site',
  ],
  cli: [
    'domain',
    'node:',
    'commander',
    'adapters/log',
    'adapters/control',
    'alert',
    'config',
    'workflows',
    'app',
    'demo',
  ],
  // Measures the whole bot from outside, beside the obvious way: it may look everywhere.
  bench: [
    'domain',
    'node:',
    'adapters/',
    'alert',
    'app',
    'config',
    'workflows',
    'demo/workspace',
    'redistribution',
    'imapflow',
    'mailparser',
    'postgres',
    'ssh2',
    'yaml',
    'messages',
    'ssh2',
  ],
  // Breaks things around bots that it watches from outside.
  chaos: [
    'domain',
    'node:',
    'adapters/postgres',
    'bench',
    'demo/workspace',
    'messages',
    'nodemailer',
    'postgres',
    'yaml',
  ],
  // Plays a month of mail, and compares what the workspace says with what was wrong: `alert` and `threshold` are no help.
  month: [
    'domain',
    'node:',
    'adapters/',
    'app',
    'bench',
    'chaos',
    'config',
    'demo/workspace',
    'messages',
    'workflows',
    'yaml',
  ],
  // Sends hostile input through every door, and into every reader.
  fuzz: [
    'node:',
    'adapters/',
    'alert',
    'app',
    'config',
    'domain',
    'redistribution',
    'workflows',
    'bench',
    'chaos',
    'ws',
    'yaml',
    'zod',
  ],
  app: ['domain', 'node:', 'adapters/', 'alert', 'config', 'redistribution', 'workflows'],
  main: ['cli'],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

describe('the folders import only what the architecture allows', () => {
  const imports = sourceFiles(src).flatMap((file) =>
    importsOf(path.relative(src, file), readFileSync(file, 'utf8')),
  );

  it.each(Object.keys(rooms))('%s', (room) => {
    const faults = imports.filter((one) => roomOf(one.file) === room).flatMap(describeFault);
    expect(faults).toEqual([]);
  });

  it('every file belongs to a room', () => {
    expect(imports.filter(({ file }) => roomOf(file) === null)).toEqual([]);
  });

  it('only main.ts reads the environment, besides programs that are processes of their own', () => {
    const readers = sourceFiles(src).filter((file) => /process\s*\.\s*env/.test(readFileSync(file, 'utf8')));
    const names = readers.map((file) => path.relative(src, file)).toSorted();
    expect(names).toEqual(['demo/site/pkg-push.ts', 'main.ts']);
  });
});

describe('a forbidden import is found', () => {
  it.each([
    [
      'a pure folder that imports an adapter',
      'threshold/rule.ts',
      "import { readMime } from '../adapters/mime/read-mime.ts';",
    ],
    ['a pure folder that reads files', 'ticket/route.ts', "import { readFile } from 'node:fs/promises';"],
    [
      'a pure folder that looks into a sibling',
      'outage/decide.ts',
      "import { route } from '../ticket/route.ts';",
    ],
    ['the domain that imports a library', 'domain/alert.ts', "import { z } from 'zod';"],
    [
      'a workflow that imports an adapter',
      'workflows/intake/admit.ts',
      "export { openPglite } from '../../adapters/postgres/database.ts';",
    ],
    [
      'an adapter that imports a workflow',
      'adapters/smtp/smtp-intake.ts',
      "import { admit } from '../../workflows/admit.ts';",
    ],
    [
      'an adapter that imports another one',
      'adapters/imap/read.ts',
      "const mime = await import('../mime/read-mime.ts');",
    ],
    [
      'a value of a package of which only types are allowed',
      'messages/ticket.ts',
      "import { Button } from '@slack/types';",
    ],
  ])('%s', (_name, file, source) => {
    expect(importsOf(file, source).flatMap(describeFault)).toHaveLength(1);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.ts$/.test(name))
    .map((name) => path.join(folder, name));
}

function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /^\s*(?:import|export)\b(?:\s+(type)\b)?[^;'"]*?from\s*['"]([^'"]+)['"]/gm,
  );
  const dynamic = source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statements].map(([, type, target = '']) => ({ file, target, isType: type !== undefined })),
    ...[...dynamic].map(([, target = '']) => ({ file, target, isType: false })),
  ];
}

function describeFault({ file, target, isType }: Import): string[] {
  const room = roomOf(file);
  if (room === null) return [`${file} belongs to no room`];
  const allowed = rooms[room] ?? [];
  const wanted = target.startsWith('.') ? path.join(path.dirname(file), target) : target;
  const isAllowed = target.startsWith('.')
    ? roomOf(wanted) === room || allowed.some((name) => isBelow(wanted, name))
    : allowed.some((name) => isPackage(target, name, isType));
  return isAllowed ? [] : [`${file} imports ${target}`];
}

function roomOf(file: string): string | null {
  const fitting = Object.keys(rooms).filter((room) => isBelow(file, room));
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

function isBelow(file: string, room: string): boolean {
  return file === `${room}.ts` || file.startsWith(room.endsWith('/') ? room : `${room}/`);
}

function isPackage(target: string, allowed: string, isType: boolean): boolean {
  if (allowed.startsWith('type:')) return isType && target === allowed.slice('type:'.length);
  return target === allowed || target.startsWith(/[:/]$/.test(allowed) ? allowed : `${allowed}/`);
}
