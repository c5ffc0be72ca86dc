import { describe, expect, it } from 'vitest';
import { renderWholeCommands, renderWholePage } from '../../src/messages/whole-command.ts';
import type { CommandView } from '../../src/messages/command.ts';
import { slackComplaints } from './reading.ts';

const view = (quoted: string): CommandView => ({
  server: 'int-38',
  job: 'J1',
  attempt: 2,
  argv: [],
  originalArgv: [],
  cwd: '/srv',
  packages: ['p'],
  recipients: ['client-001'],
  originalRecipients: ['client-001'],
  causes: [],
  adapter: 'record',
  confidence: 'exact',
  provenance: { file: 'x.jsonl', line: 1, offset: 0, lines: 1, digest: 'sha256:00' },
  refusal: null,
  id: 'r-1',
  selected: true,
  rebuilt: null,
  changedBy: [],
  changedAt: null,
  state: 'planned',
  exitCode: null,
  quoted,
});

describe('commands that are cut in their proposal', () => {
  it('stand in the thread byte for byte, however long', () => {
    const quoted = Array.from({ length: 900 }, (_, n) => `client-${n}`).join(' ');
    const messages = renderWholeCommands([view('rsync -a x y:'), view(quoted)]);
    const shown = messages
      .map(({ blocks }) => JSON.stringify(blocks[1]))
      .map((json) => {
        const { text } = (JSON.parse(json) as { text: { text: string } }).text;
        return text.slice('```\n'.length, -'\n```'.length);
      });
    expect(messages.length).toBeGreaterThan(1);
    expect(shown.join('')).toBe(quoted);
    expect(messages[0]?.text).toMatch(/^Command 2 in full, part 1 of/);
  });

  it('fit into Slack’s messages even when every character is escaped', () => {
    for (const { blocks } of renderWholeCommands([view('<&>'.repeat(2_000))])) {
      const { text } = (JSON.parse(JSON.stringify(blocks[1])) as { text: { text: string } }).text;
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text).not.toContain('more)');
    }
  });

  it('are shown page by page to who asks, each within Slack’s limits, whatever they are made of', () => {
    for (const text of ['<&>"\\\n', 'é', 'ab ', '\u202e']) {
      const quoted = text.repeat(9_000);
      for (const page of [0, 1, 2, 9_999]) {
        const message = renderWholePage(view(quoted), 1, page);
        expect(slackComplaints(message)).toEqual([]);
        expect(JSON.stringify(message)).not.toMatch(/more parts|more\)/);
      }
    }
  });

  it('need no further message when they are short', () => {
    expect(renderWholeCommands([view('rsync -a x y:')])).toEqual([]);
  });
});
