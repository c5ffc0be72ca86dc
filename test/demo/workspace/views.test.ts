import { expect, it } from 'vitest';
import type { Change } from '../../../src/demo/workspace/model.ts';
import { Signal } from '../../../src/demo/workspace/signal.ts';
import { ViewStore } from '../../../src/demo/workspace/views.ts';

const modal = (title: string) => ({ type: 'modal', title: { type: 'plain_text', text: title }, blocks: [] });

it('stacks three modals at most', () => {
  const views = new ViewStore(new Signal<Change>());
  const first = views.open('U0ANA', modal('one'));
  const second = views.push(first, modal('two'));
  const third = views.push(second, modal('three'));
  expect(third).toMatchObject({ rootViewId: first.id, previousViewId: second.id });
  expect(() => views.push(third, modal('four'))).toThrow('push_limit_reached');
  expect(views.top('U0ANA')?.title).toBe('three');
});

it('opens a modal in place of what the person had open', () => {
  const views = new ViewStore(new Signal<Change>());
  views.open('U0ANA', modal('one'));
  views.open('U0BEN', modal('other'));
  views.open('U0ANA', modal('two'));
  expect(views.all().map((view) => view.title)).toEqual(['other', 'two']);
});

it('updates only what the writer has seen', () => {
  const views = new ViewStore(new Signal<Change>());
  const first = views.open('U0ANA', modal('one'));
  const second = views.update(first, modal('two'), first.hash);
  expect(() => views.update(second, modal('three'), first.hash)).toThrow('hash_conflict');
  expect(views.get(first.id)?.title).toBe('two');
});

it('refuses a view that Slack would not take', () => {
  const views = new ViewStore(new Signal<Change>());
  expect(() => views.open('U0ANA', modal('a title that is too long for Slack'))).toThrow('invalid_arguments');
});
