import { z } from 'zod';
import type { ButtonClick, ModalSubmission, SlashCommand } from '../../domain/chat.ts';

const id = z.string().min(1);

const commandShape = z
  .object({
    command: id,
    text: z.string().default(''),
    team_id: id,
    user_id: id,
    channel_id: id,
    response_url: id,
    trigger_id: z.string().default(''),
  })
  .transform((body) => ({
    command: body.command,
    text: body.text,
    person: { teamId: body.team_id, userId: body.user_id },
    channel: body.channel_id,
    responseUrl: body.response_url,
    triggerId: body.trigger_id,
  }));

/** A button that was pressed, or a list from which something was chosen. */
const actionShape = z.union([
  z.object({ action_id: id, value: z.string() }),
  z.object({ action_id: id, selected_option: z.object({ value: z.string() }) }),
]);

/**
 * The user's own team counts: `team` is null where the app is installed for a whole organisation, and the place of the click
 * in a channel that workspaces share. A message that only
 * one person sees is not in the body; its container names it.
 */
const clickShape = z
  .object({
    actions: z.tuple([actionShape], z.unknown()),
    team: z.object({ id }).nullish(),
    user: z.object({ id, team_id: id.optional() }),
    container: z.object({ channel_id: id, message_ts: id }),
    response_url: id,
    trigger_id: z.string().default(''),
  })
  .transform(({ actions: [action], team, user, container, ...urls }) => ({
    actionId: action.action_id,
    value: 'value' in action ? action.value : action.selected_option.value,
    person: { teamId: user.team_id ?? team?.id ?? '', userId: user.id },
    channel: container.channel_id,
    messageTs: container.message_ts,
    responseUrl: urls.response_url,
    triggerId: urls.trigger_id,
  }));

const optionShape = z.object({ value: z.string() });

/** What a person put into one input: each kind of element has its own key for it. */
const inputShape = z
  .object({
    value: z.string().nullish(),
    selected_option: optionShape.nullish(),
    selected_options: z.array(optionShape).nullish(),
    selected_user: z.string().nullish(),
    selected_users: z.array(z.string()).nullish(),
    selected_channel: z.string().nullish(),
    selected_conversation: z.string().nullish(),
    selected_date: z.string().nullish(),
    selected_time: z.string().nullish(),
    selected_date_time: z.number().nullish(),
  })
  .transform(({ selected_option: option, selected_options: options, ...input }) => {
    if (options) return options.map(({ value }) => value);
    const dateTime = input.selected_date_time?.toString();
    const first = Object.values({ ...input, selected_date_time: dateTime }).find((value) => value != null);
    return option?.value ?? first ?? null;
  });

/** A block of a modal has one input; what that one is called is of no interest. */
const submissionShape = z
  .object({
    team: z.object({ id }).nullish(),
    user: z.object({ id, team_id: id.optional() }),
    view: z.object({
      callback_id: id,
      private_metadata: z.string().default(''),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), inputShape)) }),
    }),
  })
  .transform(({ team, user, view }) => ({
    callbackId: view.callback_id,
    metadata: view.private_metadata,
    values: Object.fromEntries(
      Object.entries(view.state.values).map(([block, inputs]) => [block, Object.values(inputs)[0] ?? null]),
    ),
    person: { teamId: user.team_id ?? team?.id ?? '', userId: user.id },
  }));

/** null when the body is not a submitted modal. */
export function readSubmission(body: unknown, deliveryKey: string): ModalSubmission | null {
  const read = submissionShape.safeParse(body);
  return read.success ? { deliveryKey, ...read.data } : null;
}

/** null when the body is not a slash command as Slack sends it. */
export function readCommand(body: unknown, deliveryKey: string): SlashCommand | null {
  const read = commandShape.safeParse(body);
  return read.success ? { deliveryKey, ...read.data } : null;
}

/** null when the body is not a click on a button, or a choice from a list, of a message. */
export function readClick(body: unknown, deliveryKey: string): ButtonClick | null {
  const read = clickShape.safeParse(body);
  return read.success ? { deliveryKey, ...read.data } : null;
}
