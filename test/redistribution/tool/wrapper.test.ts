import { describe, expect, it } from 'vitest';
import { describeReach, narrowArgv } from '../../../src/redistribution/narrow.ts';
import { findTool } from '../../../src/redistribution/tool/tools.ts';

const narrow = (argv: readonly string[], keep: string, leaveOut = '') =>
  narrowArgv(
    argv,
    { keep: new Set(keep.split(',')), leaveOut: new Set(leaveOut.split(',').filter(Boolean)) },
    null,
    () => null,
  );

describe('B9: a command behind programs that only run it', () => {
  it.each([
    ['sudo -n -u deploy pdsh -a uptime', 'sudo -n -u deploy pdsh -w a,b uptime'],
    ['timeout -k 5 600 pdsh -g web uptime', 'timeout -k 5 600 pdsh -w a,b uptime'],
    ['env -i HOME=/root pdsh -w a,b,c uptime', 'env -i HOME=/root pdsh -w a,b uptime'],
    ['nice -n 10 ionice -c3 clush -a uptime', 'nice -n 10 ionice -c3 clush -w a,b uptime'],
    ['nice -10 pdsh -w ^/etc/all uptime', 'nice -10 pdsh -w a,b uptime'],
    ['sudo DSHPATH=/bin -- pdsh -a uptime', 'sudo DSHPATH=/bin -- pdsh -w a,b uptime'],
    ['/usr/bin/setsid stdbuf -oL pdsh -a uptime', '/usr/bin/setsid stdbuf -oL pdsh -w a,b uptime'],
    ['flock -w 5 /run/lock/push pdsh -a uptime', 'flock -w 5 /run/lock/push pdsh -w a,b uptime'],
  ])('%s', (before, after) => {
    expect(narrow(before.split(' '), 'a,b', 'c')).toEqual({ narrowed: true, argv: after.split(' ') });
  });

  it.each([
    ['pdsh -a uptime', 'pdsh -w a,b uptime'],
    ['cd-rom; prepare /x && pdsh -w "a,b,c" echo "a b"', "cd-rom; prepare /x && pdsh -w a,b echo 'a b'"],
    [
      "sudo pdsh -a uptime >/var/log/x 2>&1; finish 'it'",
      "sudo pdsh -w a,b uptime >/var/log/x 2>&1; finish 'it'",
    ],
    ['LANG=C pdsh -a up\\ time', "LANG=C pdsh -w a,b 'up time'"],
    ['set -e; cd /srv && pdsh -a uptime', 'set -e; cd /srv && pdsh -w a,b uptime'],
    ['one |\npdsh -a uptime', 'one |\npdsh -w a,b uptime'],
  ])('bash -c %j', (before, after) => {
    expect(narrow(['bash', '-ec', before], 'a,b', 'c')).toEqual({
      narrowed: true,
      argv: ['bash', '-ec', after],
    });
  });

  it.each([
    ['a variable', 'pdsh -w $LIST uptime'],
    ['a loop', 'for h in a b; do pdsh -w a uptime; done'],
    ['a substitution', 'pdsh -w "$(cat list)" uptime'],
    ['a pattern', 'pdsh -w a[1-3] uptime'],
    ['two such commands', 'pdsh -w a uptime; pdsh -w b uptime'],
    ['a redirection between words', 'pdsh -w a >/x uptime'],
    ['in the background', 'pdsh -w a uptime & wait'],
    ['a comment', 'pdsh -w a uptime # all'],
  ])('a script with %s is not read', (_name, script) => {
    expect(findTool(['sh', '-c', script])).toBeNull();
  });

  it.each([
    ['env -S', ['env', '-S', 'pdsh -a uptime']],
    ['bash with a file', ['bash', 'push.sh', '-c', 'pdsh -a uptime']],
    ['sudo without a command', ['sudo', '-l']],
    ['timeout without a command', ['timeout', '5']],
  ])('%s names no command that could be looked at', (_name, argv) => {
    expect(findTool(argv)).toBeNull();
  });
});

describe('B10: whom a command may reach beside its recipients', () => {
  it.each([
    ['pdsh -w a,b uptime', null],
    ['pdsh -w a,b,c uptime', 'its list also names c'],
    ['pdsh -w a,b,c -x c uptime', null],
    ['pdsh -w deploy@a,b uptime', null],
    ['pdsh -a uptime', '-a says who gets it, as that is when it runs'],
    ['pdsh -w ^/etc/all uptime', '-w ^/etc/all says who gets it, as that is when it runs'],
    ['pdsh uptime', 'its environment says who gets it, as that is when it runs'],
    ['clush -w @eu uptime', '-w @eu says who gets it, as that is when it runs'],
    [
      'sudo clush --hostfile /etc/all uptime',
      '--hostfile /etc/all says who gets it, as that is when it runs',
    ],
    ['ansible-playbook --limit a,b site.yml', null],
    ['ansible-playbook --limit web site.yml', expect.stringContaining('the inventory say')],
    ['ansible-playbook site.yml', expect.stringContaining('the inventory say')],
    ['runuser -u x -- pdsh -a uptime', '-a says who gets it, as that is when it runs'],
    ['sshpass -p x pdsh -w a,b uptime', null],
    ['ip netns exec n pdsh -w a,b,c id', 'it may run pdsh, and ip is not looked through'],
    ['parallel /usr/bin/clush -w a,b ::: id', 'it may run clush, and parallel is not looked through'],
    ['push --to a,b', null],
    ['push /srv/ansible a,b', null],
    ['push deploy@a,deploy@b', null],
    ['push --to a', 'its arguments do not name b'],
  ])('%s', (argv, reason) => {
    expect(describeReach(argv.split(' '), ['a', 'b'], 'int-38')).toEqual(reason);
  });

  const open = 'its script decides who gets it, when it runs';
  it.each([
    ['push a; push b', null],
    ['pdsh -w a id; pdsh -w b id', null],
    ['pdsh -w a,b id; pdsh -g eu id', '-g eu says who gets it, as that is when it runs'],
    ['cd /x && pdsh -w ^hosts id; log a b', '-w ^hosts says who gets it, as that is when it runs'],
    ['pdsh -w a,b,$MORE id', open],
    ['for host in a b; do push $host; done', open],
    ['push a; push c', 'its arguments do not name b'],
    ['ip netns exec n pdsh -w a,b id; echo ok', 'it may run pdsh, and ip is not looked through'],
  ])('sudo bash -c %j', (script, reason) => {
    const argv = ['sudo', '-u', 'deploy', 'bash', '-euc', script];
    expect(describeReach(argv, ['a', 'b'], 'int-38')).toEqual(reason);
  });

  it('a shell with flags that are not known, or with a script in a file', () => {
    expect(describeReach(['bash', '--norc', '-c', 'push a b'], ['a', 'b'], 'int-38')).toBe(open);
    expect(describeReach(['bash', 'push.sh', 'a', 'b'], ['a', 'b'], 'int-38')).toBeNull();
  });

  it('a command in one argument of a program that is not known', () => {
    expect(describeReach(['su', 'x', '-c', 'cd /; pdsh -w a,b,c id'], ['a', 'b'], 'int-38')).toBe(
      'it may run pdsh, and su is not looked through',
    );
  });

  it('a server that a command is for need not be named', () => {
    expect(describeReach(['install-here'], ['int-38'], 'int-38')).toBeNull();
  });

  it.each([
    ['pdsh -w deploy@a,b,c uptime', 'pdsh -w deploy@a,b uptime'],
    ['pdsh -w ssh:deploy@a,c -w root@b uptime', 'pdsh -w ssh:deploy@a,root@b uptime'],
    ['pdsh -w deploy@c,a,root@b uptime', 'pdsh -w a,root@b uptime'],
  ])('%s keeps its users', (before, after) => {
    expect(narrow(before.split(' '), 'a,b', 'c')).toEqual({ narrowed: true, argv: after.split(' ') });
  });

  it('a user before a list that cannot be read is not guessed', () => {
    expect(narrow(['pdsh', '-w', 'deploy@^/etc/all', 'id'], 'a', 'b')).toMatchObject({
      narrowed: false,
      reason: expect.stringContaining('deploy@'),
    });
  });
});
