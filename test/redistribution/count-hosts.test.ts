import { describe, expect, it } from 'vitest';
import { countHosts, mayReachOthers } from '../../src/redistribution/count-hosts.ts';
import { planOf } from '../../src/redistribution/plan.ts';
import type { RebuiltCommand } from '../../src/domain/redistribution.ts';
import { describeReach } from '../../src/redistribution/narrow.ts';
import { makeRecord, rebuildCommand } from './records.ts';

const both = rebuildCommand(makeRecord({ c1: 'failed', c2: 'failed' }), ['c1', 'c2'], [], 2);

function commandOf(argv: readonly string[], recipients: readonly string[]): RebuiltCommand {
  const reason = describeReach(argv, recipients, 'int-58');
  return { ...both, argv, recipients, ...(reason === null ? {} : { mayReachOthers: reason }) };
}

const original = (argv: readonly string[]) => ({ ...commandOf(argv, ['c1', 'c2']), originalArgv: argv });
const words = (text: string) => text.split(' ');

describe('B10: the hosts that a command reaches', () => {
  it.each([
    ['pdsh -w c1,c2 push', 2],
    ['pdsh -w h[1-50] push', 52],
    ['/usr/bin/clush -w c1,c2,h[01-48] -b push', 50],
    ['pdsh -a push', null],
    ['pdsh -w c1,c2 -g eu push', null],
    ['clush -w @eu push', null],
    ['pdsh -w ^/etc/hosts push', null],
    ['rsync -a /srv/x c1::packages', 2],
    ['rsync -a /srv/x /mnt/y', 2],
    ['ansible-playbook --limit c1,c2 site.yml', 2],
    ['ansible-playbook --limit=c1 site.yml', 2],
    ['ansible-playbook -l eu site.yml', null],
    ['ansible-playbook -l c1,!c2 site.yml', null],
    ['ansible-playbook --limit c1 --limit c2 site.yml', null],
    ['ansible-playbook site.yml', null],
    ['push --to c1,c2', 2],
    ['bash push.sh c1 c2', 2],
    ['bash -c pdsh%20-a', null],
    ['/bin/sh -euc pdsh', null],
    ['sudo -n bash -c push', null],
  ])('of %s are %s', (text, hosts) => {
    expect(countHosts({ command: original(words(text)) })).toBe(hosts);
  });

  it.each([
    ['push --to c1,c2 --fast', 'push --to c1 --fast', 1, false],
    ['push --to c1,c2', 'push --to c1,c2', 2, false],
    ['push c1 c2', 'push c2', 1, false],
    ['push --to c1,c2', 'push --to c1,c2,h3', null, false],
    ['push --to c1,c2', 'push --to c1,c2 --all', null, false],
    ['push --group eu --but c3 c1 c2', 'push --group eu c1 c2', null, false],
    ['pdsh -w c1,c2 push', 'pdsh -w c1,c2,h[1-48] push', 50, true],
    ['pdsh -w c1,c2 push', 'pdsh -w c1,c2 -a push', null, true],
    ['pdsh -w c1,c2 push', 'pdsh -w c1 push', 1, false],
  ])('of %s edited to %s are %s, and more than its recipients: %s', (before, after, hosts, more) => {
    const rebuilt = original(words(before));
    const recipients = rebuilt.recipients.filter((name) => words(after.replaceAll(',', ' ')).includes(name));
    const command = { ...commandOf(words(after), recipients), originalArgv: rebuilt.argv };
    const edited = { command, rebuilt };
    expect(countHosts(edited)).toBe(hosts);
    expect(mayReachOthers(edited)).toBe(more);
  });

  it('are summed for a plan, and one that cannot be counted leaves the sum uncounted', () => {
    const planned = (text: string) => ({
      command: { ...original(words(text)), refusal: null },
      selected: true,
    });
    expect(planOf([planned('pdsh -w c1,c2 x'), planned('pdsh -w c1,c2,c3 x')]).hosts).toBe(5);
    expect(planOf([planned('pdsh -w c1,c2 x'), planned('pdsh -a x')]).hosts).toBeNull();
    expect(planOf([{ ...planned('pdsh -a x'), selected: false }]).hosts).toBe(0);
  });
});
