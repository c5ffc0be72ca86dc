import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeMail } from '../bench/mails.ts';

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures');

/** Returns mails to start from: one of each kind in the checkout, and the recorder's own. */
export function seedMails(): readonly Buffer[] {
  const own = writeMail({
    index: 1,
    device: 'client-1',
    server: 'int-38',
    at: new Date('2026-11-02T10:00:00Z'),
  });
  return [own, ...readAll(path.join(fixtures, 'mail'), '.eml')];
}

/** Returns log files to start from. */
export function seedLogs(): readonly Buffer[] {
  return [...readAll(path.join(fixtures, 'logs'), ''), Buffer.from(recordLines), Buffer.from(ansibleLines)];
}

function readAll(folder: string, ending: string): readonly Buffer[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => readFileSync(file));
}

/** A run of the recorder that failed at one of two recipients, and a line of a version that is not known. */
const recordLines = [
  '{"v":1,"event":"start","id":"r1","server":"int-38","job":"nightly","attempt":1,"argv":["rsync","-a","/srv/geo-db","a:/srv"],"cwd":"/srv","packages":["geo-db"],"recipients":["a","b"],"at":"2026-11-02T10:00:00Z","sources":[],"flags":[]}',
  '{"v":1,"event":"end","id":"r1","server":"int-38","job":"nightly","attempt":1,"argv":["rsync","-a","/srv/geo-db","a:/srv"],"cwd":"/srv","packages":["geo-db"],"recipients":["a","b"],"at":"2026-11-02T10:01:00Z","durationS":60,"exitCode":1,"results":[{"recipient":"a","result":"failed","cause":"timeout"},{"recipient":"b","result":"succeeded"}],"sources":[],"flags":[]}',
  '{"v":2,"event":"start"}',
  '',
].join('\n');

/** A run of Ansible as the callback plugin writes it. */
const ansibleLines = [
  '{"v":1,"event":"start","id":"a1","at":"2026-11-02T10:00:00Z","job":"deploy","attempt":1,"argv":["ansible-playbook","deploy.yml"],"cwd":"/srv","packages":["geo-db"]}',
  '{"v":1,"event":"play","id":"a1","at":"2026-11-02T10:00:01Z","hosts":["a","b"]}',
  '{"v":1,"event":"failed","id":"a1","at":"2026-11-02T10:00:02Z","host":"a","result":"failed","cause":"no space left"}',
  '{"v":1,"event":"end","id":"a1","at":"2026-11-02T10:00:03Z","stats":{"a":{"failures":1},"b":{"failures":0}}}',
  '',
].join('\n');
