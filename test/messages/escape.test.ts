import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeBlock, codeSpan, escapeLines, escapeText } from '../../src/messages/escape.ts';

describe('text from outside', () => {
  test.each([
    ['<!channel> come here', '&lt;!channel&gt; come here'],
    ['<@U123> & <https://evil.example|bank>', '&lt;@U123&gt; &amp; &lt;https://evil.example|bank&gt;'],
    ['int-\u202e83', 'int-⟨U+202E⟩83'],
    ['a\u200bb\u0000c\u009bd', 'a⟨U+200B⟩b⟨U+0000⟩c⟨U+009B⟩d'],
    ['lone \ud800 half', 'lone ⟨U+D800⟩ half'],
    ['two\r\nlines\tand a tab', 'two ⏎ lines and a tab'],
    ['Büro-Süd 🏭', 'Büro-Süd 🏭'],
  ])('%j reads %j', (untrusted, shown) => {
    expect(escapeText(untrusted)).toBe(shown);
  });

  test('keeps its lines where they are wanted', () => {
    expect(escapeLines('one <b>\r\ntwo')).toBe('one &lt;b&gt;\ntwo');
  });

  test('never rings, links or hides', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const shown of [escapeText(text), codeSpan(text)]) {
          expect(shown).not.toMatch(/[<>\p{Cc}\p{Cf}]/u);
        }
      }),
    );
  });
});

describe('code', () => {
  test.each([
    ['int-38', '`int-38`'],
    ['a`b', '`aˋb`'],
    ['', '–'],
    ['  ', '–'],
  ])('the name %j is %j', (name, span) => {
    expect(codeSpan(name)).toBe(span);
  });

  test('a block can not be ended from inside', () => {
    const block = codeBlock('rsync a b\n```\n<!here> done');
    expect(block.split('```')).toHaveLength(3);
    expect(block).toBe('```\nrsync a b\nˋˋˋ\n&lt;!here&gt; done\n```');
  });

  test('colours meant for a terminal are left out of a block', () => {
    expect(codeBlock('\u001b[31mfailed\u001b[0m\r50%')).toBe('```\nfailed\n50%\n```');
  });
});
