import { limits } from '../limits.ts';
import { plainText, url } from './composition.ts';
import {
  anyNumber,
  anything,
  either,
  flag,
  formatted,
  list,
  mapOf,
  object,
  oneOf,
  type Properties,
  type Shape,
  text,
  typed,
} from './shape.ts';
import { blocksOf } from './blocks.ts';

/** Views, attachments and metadata, as `@slack/types` has them. */

const title = plainText(limits.modalTitle);
const everyView: Properties = {
  private_metadata: text(limits.privateMetadata, 0),
  callback_id: text(limits.id, 0),
  external_id: text(limits.id, 0),
};

/** https://docs.slack.dev/reference/views */
export const view: Shape = typed({
  modal: object(
    { title, blocks: list(typed(blocksOf.modal), limits.blocksPerView, { min: 0 }) },
    { submit: title, close: title, clear_on_close: flag, notify_on_close: flag, ...everyView },
  ),
  home: object({ blocks: list(typed(blocksOf.home), limits.blocksPerView, { min: 0 }) }, everyView),
});

export const messageBlocks = list(typed(blocksOf.message), limits.blocksPerMessage, { min: 0 });

const anyLength = text(limits.postedText, 0);

/** https://docs.slack.dev/messaging/formatting-message-text#attachments, without the buttons of old. */
export const attachments = list(
  object(
    {},
    {
      blocks: messageBlocks,
      fallback: anyLength,
      color: text(limits.id),
      pretext: anyLength,
      author_name: anyLength,
      author_link: url,
      author_icon: url,
      author_subname: anyLength,
      title: anyLength,
      title_link: url,
      text: anyLength,
      fields: list(object({ title: anyLength, value: anyLength }, { short: flag })),
      image_url: url,
      thumb_url: url,
      footer: text(300),
      footer_icon: url,
      ts: either(anyNumber, formatted('number')),
      mrkdwn_in: list(oneOf('pretext', 'text', 'fields')),
    },
    { atLeastOneOf: ['blocks', 'fallback', 'text', 'title', 'pretext', 'fields', 'image_url'] },
  ),
  limits.attachments,
  { min: 0 },
);

/**
 * What an app answers to a command or a click; the message inside is checked on its own.
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export const response = object(
  {},
  {
    text: text(Number.POSITIVE_INFINITY, 0),
    blocks: anything,
    metadata: anything,
    response_type: oneOf('in_channel', 'ephemeral'),
    replace_original: flag,
    delete_original: flag,
    thread_ts: text(limits.id),
    mrkdwn: flag,
    parse: oneOf('none', 'full'),
    link_names: flag,
    unfurl_links: flag,
    unfurl_media: flag,
  },
);

const scalar = either(text(limits.metadata, 0), anyNumber, flag);
const flat = mapOf(scalar);

/** https://docs.slack.dev/messaging/message-metadata */
export const metadata = object({
  event_type: formatted('name', limits.id),
  event_payload: mapOf(either(scalar, flat, list(flat, undefined, { min: 0 }))),
});
