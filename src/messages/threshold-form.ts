import type { InputBlock, PlainTextElement } from '@slack/types';
import type { Modal } from '../domain/chat.ts';
import { scopes } from '../domain/policy.ts';

/** Callback id of the form. */
export const thresholdFormId = 'threshold';

/** The names under which what people fill in comes back. */
export const thresholdFields = { for: 'for', over: 'over', needed: 'needed', within: 'within' } as const;

export interface ThresholdFormValues {
  readonly for: string;
  readonly over: string;
  readonly needed: string;
  readonly within: string;
}

/** The form that sets a threshold; what is known already is filled in. `metadata` comes back with it. */
export function thresholdForm(filledIn: ThresholdFormValues, metadata: string): Modal {
  return {
    callbackId: thresholdFormId,
    title: 'Threshold',
    submit: 'Set',
    metadata,
    blocks: [
      input(thresholdFields.for, 'For which alerts?', text(thresholdFields.for, filledIn.for), {
        hint: 'Such as region=eu failure=access; device, group, building, server, region, package and failure can stand there. Empty: for every alert.',
        optional: true,
      }),
      input(thresholdFields.over, 'Add up the alerts of one …', choice(filledIn.over), {
        hint: 'server: the distribution server; package, job: across servers and regions',
      }),
      input(
        thresholdFields.needed,
        'How many make a ticket?',
        text(thresholdFields.needed, filledIn.needed),
        {
          hint: 'A number of alerts, such as 4; or a share of the devices in it, such as 50%',
        },
      ),
      input(thresholdFields.within, 'Within what time?', text(thresholdFields.within, filledIn.within), {
        hint: '30m, 2h, 1d',
      }),
    ],
  };
}

function input(
  name: string,
  label: string,
  element: InputBlock['element'],
  { hint, optional = false }: { readonly hint: string; readonly optional?: boolean },
): InputBlock {
  return { type: 'input', block_id: name, optional, label: plain(label), hint: plain(hint), element };
}

function text(name: string, value: string): InputBlock['element'] {
  const initial = value === '' ? {} : { initial_value: value.slice(0, 500) };
  return { type: 'plain_text_input', action_id: name, max_length: 500, ...initial };
}

function choice(chosen: string): InputBlock['element'] {
  const options = scopes.map((scope) => ({ text: plain(scope), value: scope }));
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: thresholdFields.over,
    options,
    ...(initial && { initial_option: initial }),
  };
}

function plain(words: string): PlainTextElement {
  return { type: 'plain_text', text: words, emoji: false };
}
