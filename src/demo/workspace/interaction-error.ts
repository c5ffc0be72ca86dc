/** What a person asked for can't be done; the message is what Slack would show. */
export class InteractionError extends Error {}
