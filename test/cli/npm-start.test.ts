import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { startSurroundings } from '../support/surroundings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

it('npm start that gets SIGTERM stops the bot, and does not end before it', {
  timeout: 90_000,
}, async (test) => {
  const { folder, dovecot, workspace } = await startSurroundings(test);
  // The same script, where the build is done already.
  const checkout = path.join(folder, 'checkout');
  mkdirSync(checkout);
  symlinkSync(path.join(root, 'dist'), path.join(checkout, 'dist'));
  const copied = { name: 'checkout', scripts: { build: 'true', start: scripts['start'] } };
  writeFileSync(path.join(checkout, 'package.json'), JSON.stringify(copied));
  const config = writeSiteConfig({
    folder,
    slackApiUrl: workspace.apiUrl,
    dovecot,
    devices: [],
    thresholds: [],
  });
  const npm = spawn('npm', ['start', '--', '--config', config], {
    cwd: checkout,
    env: { PATH: process.env['PATH'], ...siteEnv(dovecot, null) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: npm.stderr });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('"restage is running"')) resolve();
    });
    lines.once('close', () => reject(new Error(said.join('\n'))));
  });
  // Its streams are closed once the bot has ended, too.
  const closed = once(npm, 'close');
  npm.kill('SIGTERM');
  await closed;
  expect(existsSync(path.join(folder, 'data/restage.lock'))).toBe(false);
});
