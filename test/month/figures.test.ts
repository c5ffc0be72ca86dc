import { expect, it } from 'vitest';
import type { PostedMessage } from '../../src/demo/workspace/workspace.ts';
import { countFigures } from '../../src/month/figures.ts';
import { hourMs, later, monthStart } from '../../src/month/times.ts';

function message(text: string, changed: Partial<PostedMessage> = {}): PostedMessage {
  return {
    ...{ channel: 'C0EU', ts: '1.000001', threadTs: null, userId: 'U0BOT', text, blocks: [] },
    ...{ attachments: [], metadata: null, edits: 0, history: [text], ephemeralFor: null },
    ...{ reactions: [], files: [] },
    ...changed,
  };
}

const nothing = { told: new Map(), wrongs: [], about: new Map() };
const figureOf = (name: string, messages: readonly PostedMessage[]) => {
  const seen = messages.map((one, n) => ({ at: later(monthStart, n * hourMs), message: one }));
  return countFigures(nothing, seen).find(({ figure }) => figure.startsWith(name));
};

it.each([
  [
    'two devices that fail again',
    [':repeat: `client-001` fails again', ':repeat: `client-002` fails again'],
    1,
  ],
  ['two packages', ['package geo-db_1.2.deb: 4 alerts', 'package geo-db_2.1.deb: 4 alerts'], 1],
  ['one device', ['client-001: 4 alerts', ':repeat: `client-001` fails again', 'int-02 is down'], 2],
])('posts of a day are about one thing where they name it first: %s', (_, texts, most) => {
  expect(
    figureOf(
      'posts',
      texts.map((text) => message(text)),
    )?.value,
  ).toBe(most);
});

it('an edit and a word to one person alone are no posts', () => {
  const texts = [message('client-001: 4 alerts'), message('client-001: 5 alerts', { edits: 1 })];
  const alone = message('client-001: nothing is wrong', { ephemeralFor: 'U0ANA' });
  expect(figureOf('posts', [...texts, alone])?.value).toBe(1);
});

it('a missed figure shows the messages that missed it', () => {
  const lines = Array.from({ length: 6 }, (_, n) => message(`line ${n}`, { threadTs: '1.000001' }));
  const figure = figureOf('lines', lines);
  expect(figure).toMatchObject({ value: 6, reached: false });
  expect(figure?.worst?.split('\n')).toHaveLength(6);
});
