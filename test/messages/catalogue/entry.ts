import { toView } from '../../../src/adapters/slack/web-chat.ts';
import type { ChatMessage, Modal } from '../../../src/domain/chat.ts';
import { extremes } from './extremes.ts';

/** What a renderer makes; text alone goes into a file or a mail, not into Slack. */
type Rendered =
  | ChatMessage
  | readonly ChatMessage[]
  | Modal
  | string
  | { readonly subject: string; readonly text: string }
  | null;

/** What Slack gets: a message's blocks with its text, or a view. */
export type Payload = { readonly message: ChatMessage } | { readonly view: ReturnType<typeof toView> };

/** A renderer with one input. */
export interface Entry {
  readonly renderer: object;
  /** `renderTicket 2, all texts emoji` */
  readonly title: string;
  readonly payloads: () => readonly Payload[];
}

/** Makes entries of a renderer: its first input as it mostly is and in each extreme, the others as they are. */
export function entriesOf<A extends readonly unknown[]>(
  renderer: (...input: A) => Rendered,
  ...inputs: readonly Readonly<A>[]
): Entry[] {
  return inputs.flatMap((input, index) =>
    Object.entries(index === 0 ? extremes : { 'as it is': (same: Readonly<A>) => same }).map(
      ([extreme, change]) => ({
        renderer,
        title: `${renderer.name} ${index + 1}, ${extreme}`,
        payloads: once(() => toPayloads(renderer(...change(input)))),
      }),
    ),
  );
}

/** Renders when it is first asked: a list of 10,000 takes seconds. */
function once<T>(render: () => T): () => T {
  let rendered: { readonly value: T } | null = null;
  return () => (rendered ??= { value: render() }).value;
}

function toPayloads(rendered: Rendered): readonly Payload[] {
  if (rendered === null || typeof rendered === 'string') return [];
  if (isList(rendered)) return firstAndLast(rendered).map((message) => ({ message }));
  if ('callbackId' in rendered) return [{ view: toView(rendered) }];
  return 'blocks' in rendered ? [{ message: rendered }] : [];
}

/** Of many messages of one kind. */
function firstAndLast(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.length > 2 ? [...messages.slice(0, 1), ...messages.slice(-1)] : messages;
}

function isList(rendered: Exclude<Rendered, null | string>): rendered is readonly ChatMessage[] {
  return Array.isArray(rendered);
}
