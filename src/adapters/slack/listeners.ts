import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type {
  ButtonClick,
  Chat,
  ChatHandlers,
  ChatMessage,
  FormFaults,
  ModalSubmission,
  Person,
  SlashCommand,
} from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import { RestageError } from '../../domain/errors.ts';
import type { Log } from '../../domain/log.ts';
import { Deliveries } from './deliveries.ts';
import { readClick, readCommand, readSubmission } from './payloads.ts';
import { ephemeral } from './response-url.ts';

export interface ListenerOptions {
  readonly handlers: ChatHandlers;
  readonly respond: Chat['respond'];
  readonly log: Log;
  readonly clock: Clock;
  /** The workspace, and its organisation, that the bot belongs to. */
  readonly homes: ReadonlySet<string>;
}

type Ack = (response?: Record<string, unknown>) => Promise<void>;

export const slashCommands = ['/redistribute', '/restage'] as const;

/** Slack gives up on a command or a click after 3 s. */
const answerWithinMs = 2500;

/** Connects what Slack delivers to the application's handlers: each delivery is handled once. */
export function addListeners(app: App, options: ListenerOptions): void {
  const commands = new CommandListener(options);
  const clicks = new ClickListener(options);
  const submissions = new SubmissionListener(options);
  for (const command of slashCommands) {
    app.command(command, async ({ body, context, ack }) => {
      await commands.take(readCommand(body, String(context['deliveryKey'])), ack);
    });
  }
  app.action({ type: 'block_actions' }, async ({ body, context, ack }) => {
    await clicks.take(readClick(body, String(context['deliveryKey'])), () => ack());
  });
  app.view({ type: 'view_submission' }, async ({ body, context, ack }) => {
    await submissions.take(readSubmission(body, String(context['deliveryKey'])), (errors) =>
      errors === null ? ack() : ack({ response_action: 'errors', errors: { ...errors } }),
    );
  });
}

/** Acknowledges a command with its answer; by response_url where that takes too long or the socket is gone. */
class CommandListener {
  readonly #options: ListenerOptions;
  readonly #deliveries: Deliveries<ChatMessage>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries(options.clock);
  }

  async take(command: SlashCommand | null, ack: Ack): Promise<void> {
    if (command === null) {
      this.#options.log.warn({}, 'slack sent a command that could not be read');
      return ack();
    }
    if (isStranger(command, this.#options)) return ack(ephemeral(plain(notForYou)));
    const answer = this.#answer(command);
    const inTime = await Promise.race([answer, delay(answerWithinMs, null, { ref: false })]);
    const acknowledged = await this.#acknowledge(ack, inTime ?? plain('Working on it…'));
    if (inTime !== null && acknowledged) return;
    await respondSafely(this.#options, command.responseUrl, await answer);
  }

  /** Never rejects: a failure is an answer too. */
  async #answer(command: SlashCommand): Promise<ChatMessage> {
    const { handlers, log } = this.#options;
    try {
      return await this.#deliveries.once(command.deliveryKey, () => handlers.onCommand(command));
    } catch (error) {
      return reportFailure(log, error, { command: command.command, deliveryKey: command.deliveryKey });
    }
  }

  async #acknowledge(ack: Ack, message: ChatMessage): Promise<boolean> {
    try {
      await ack(ephemeral(message));
      return true;
    } catch (error) {
      this.#options.log.warn(
        { error },
        'slack command could not be acknowledged, answering by its response_url',
      );
      return false;
    }
  }
}

/**
 * Acknowledges a click when it is handled, or before Slack gives up on it: Slack then shows that one was lost with the bot.
 * Replies to who clicked when it failed.
 */
class ClickListener {
  readonly #options: ListenerOptions;
  readonly #deliveries: Deliveries<void>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries(options.clock);
  }

  async take(click: ButtonClick | null, ack: Ack): Promise<void> {
    const { log } = this.#options;
    const handled = this.#handle(click);
    await Promise.race([handled, delay(answerWithinMs, null, { ref: false })]);
    await ack().catch((error: unknown) => log.warn({ error }, 'slack click could not be acknowledged'));
    await handled;
  }

  /** Never rejects. */
  async #handle(click: ButtonClick | null): Promise<void> {
    const { handlers, log } = this.#options;
    if (click === null) {
      log.warn({}, 'slack sent an action that is no click on a button');
      return;
    }
    if (isStranger(click, this.#options)) {
      return respondSafely(this.#options, click.responseUrl, plain(notForYou));
    }
    try {
      await this.#deliveries.once(click.deliveryKey, () => handlers.onClick(click));
    } catch (error) {
      const message = reportFailure(log, error, { actionId: click.actionId, deliveryKey: click.deliveryKey });
      await respondSafely(this.#options, click.responseUrl, message);
    }
  }
}

/** Acknowledges a modal with what is wrong in it, or closes it. */
class SubmissionListener {
  readonly #options: ListenerOptions;
  readonly #deliveries: Deliveries<FormFaults>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries(options.clock);
  }

  async take(submission: ModalSubmission | null, ack: (errors: FormFaults) => Promise<void>): Promise<void> {
    const { handlers, log } = this.#options;
    if (submission === null) {
      log.warn({}, 'slack sent a modal that could not be read');
      return ack(null);
    }
    const { deliveryKey, callbackId, values } = submission;
    if (isStranger(submission, this.#options)) return ack(inFirstInput(values, notForYou));
    try {
      await ack(await this.#deliveries.once(deliveryKey, () => handlers.onSubmit(submission)));
    } catch (error) {
      const { text } = reportFailure(log, error, { callbackId, deliveryKey });
      await ack(inFirstInput(values, text));
    }
  }
}

const notForYou = 'Restage only works for members of its own workspace.';

/** In a channel that workspaces share, people of another one see our buttons too. */
function isStranger({ person }: { readonly person: Person }, { homes, log }: ListenerOptions): boolean {
  if (homes.has(person.teamId)) return false;
  log.warn(
    { teamId: person.teamId, userId: person.userId },
    'slack: somebody of another workspace was refused',
  );
  return true;
}

/** A form can only tell what is wrong beside one of its inputs. */
function inFirstInput(values: Readonly<Record<string, unknown>>, text: string): FormFaults {
  const [anyBlock] = Object.keys(values);
  return anyBlock === undefined ? null : { [anyBlock]: text };
}

async function respondSafely(
  { respond, log }: ListenerOptions,
  url: string,
  message: ChatMessage,
): Promise<void> {
  try {
    await respond(url, message);
  } catch (error) {
    log.warn({ error }, 'slack answer could not be sent by its response_url');
  }
}

/** Logs the failure under a short reference, and says it in words: our own where we know the cause. */
function reportFailure(log: Log, error: unknown, about: object): ChatMessage {
  const reference = randomBytes(3).toString('hex');
  log.error({ error, reference, ...about }, 'slack handler failed');
  const known = error instanceof RestageError ? error.message : 'Something went wrong inside Restage.';
  return plain(`That did not work. ${known} (reference ${reference}, see the log)`);
}

/** Text as it is, without markup. */
function plain(text: string): ChatMessage {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').slice(0, 2900);
  return {
    text: safe,
    blocks: [{ type: 'section', text: { type: 'plain_text', text: safe, emoji: false } }],
  };
}
