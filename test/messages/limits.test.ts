import type { KnownBlock } from '@slack/types';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits as enforced } from '../../src/demo/workspace/limits.ts';
import { clampMiddle, clampMrkdwn, clampTail, clampText } from '../../src/messages/clamp-text.ts';
import { clampMessage, slackLimits } from '../../src/messages/limits.ts';
import { slackComplaints } from './reading.ts';

describe('text that is too long', () => {
  test('says how much of it is missing', () => {
    expect(clampText('x'.repeat(100), 20)).toBe(`${'x'.repeat(8)}… (92 more)`);
  });

  test('is cut between characters, not inside them', () => {
    expect(clampText('🏭'.repeat(20), 17)).toBe('🏭🏭🏭… (17 more)');
  });

  test('keeps beginning and end of a command, and the end of output', () => {
    expect(clampMiddle('a'.repeat(60) + 'z'.repeat(60), 60)).toMatch(
      /^a+ … \(\d+ characters not shown\) … z+$/,
    );
    expect(clampTail('a'.repeat(60) + 'z'.repeat(60), 40)).toMatch(/^\(\d+ characters before\) …\nz+$/);
  });

  test('is cut between words where it can be', () => {
    const command = `push ${'client-001 '.repeat(30)}--last`;
    expect(clampMiddle(command, 100)).toBe(
      'push client-001 client-001 client-001 … (287 characters not shown) … client-001 --last',
    );
  });

  test.each([
    ['an entity', `${'x'.repeat(10)}&lt;${'y'.repeat(40)}`, 27, `${'x'.repeat(10)}… (44 more)`],
    ['a date', `seen <!date^1^{time}|at three> ${'y'.repeat(40)}`, 40, 'seen … (66 more)'],
    ['a code block', `\`\`\`${'y'.repeat(60)}\`\`\``, 40, `\`\`\`${'y'.repeat(22)}\n\`\`\`… (41 more)`],
  ])('is not cut inside %s', (_, text, max, clamped) => {
    expect(clampMrkdwn(text, max)).toBe(clamped);
  });

  test('fits, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 50, max: 200 }),
        (text, max) => {
          for (const clamp of [clampText, clampMrkdwn, clampMiddle, clampTail]) {
            expect(clamp(text, max).length).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
  });
});

describe('a message', () => {
  const text = fc.string({ maxLength: 400 }).map((one) => one.repeat(12));
  const mrkdwn = text.map((one) => ({ type: 'mrkdwn' as const, text: one }));
  const block: fc.Arbitrary<KnownBlock> = fc.oneof(
    text.map((one) => ({ type: 'header' as const, text: { type: 'plain_text' as const, text: one } })),
    mrkdwn.map((one) => ({ type: 'section' as const, text: one })),
    fc.array(mrkdwn, { minLength: 1, maxLength: 14 }).map((fields) => ({ type: 'section' as const, fields })),
    fc
      .array(mrkdwn, { minLength: 1, maxLength: 14 })
      .map((elements) => ({ type: 'context' as const, elements })),
    text.map((one) => ({
      type: 'actions' as const,
      elements: [
        {
          type: 'button' as const,
          text: { type: 'plain_text' as const, text: one },
          action_id: 'a',
          value: '1',
        },
      ],
    })),
  );

  test('of any blocks becomes one that Slack takes', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 80 }), (blocks) => {
        expect(slackComplaints(clampMessage({ text: 'x'.repeat(9000), blocks }))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('that is too long keeps its header and buttons, and says what is missing', () => {
    const sections: KnownBlock[] = Array.from({ length: 60 }, (_, index) => ({
      type: 'section',
      text: { type: 'mrkdwn', text: `part ${index}` },
    }));
    const header: KnownBlock = { type: 'header', text: { type: 'plain_text', text: 'int-38' } };
    const buttons: KnownBlock = {
      type: 'actions',
      elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' }, action_id: 'a' }],
    };
    const { blocks } = clampMessage({ text: 'int-38', blocks: [header, ...sections, buttons] });
    expect(blocks).toHaveLength(slackLimits.blocks);
    expect(blocks[0]).toEqual(header);
    expect(blocks.at(-1)).toEqual(buttons);
    expect(JSON.stringify(blocks.at(-2))).toContain('13 more parts');
  });

  test('that fits is left as it is', () => {
    const message = { text: 'ok', blocks: [{ type: 'divider' }] } as const;
    expect(clampMessage(message)).toEqual(message);
  });
});

test('the limits are those that the simulated workspace enforces', () => {
  expect(slackLimits).toMatchObject({
    blocks: enforced.blocksPerMessage,
    messageCharacters: enforced.messageBlocksText,
    text: enforced.updatedText,
    header: enforced.headerText,
    section: enforced.sectionText,
    fields: enforced.fields,
    field: enforced.fieldText,
    contextElements: enforced.contextElements,
    actionElements: enforced.actions,
    buttonText: enforced.buttonText,
    confirmTitle: enforced.confirmTitle,
    confirmText: enforced.confirmText,
    confirmButton: enforced.confirmButton,
  });
});
