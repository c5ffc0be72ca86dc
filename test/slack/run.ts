import type { Entry } from '../messages/catalogue/entry.ts';
import { validateMessages } from './validate-messages.ts';

const slackApiUrl = 'https://slack.com/api/';

interface Run {
  readonly entries: readonly Entry[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
}

/**
 * Runs `npm run test:slack` and returns its exit code: 0 if Slack takes every message, 1 if it refuses one, 2 if it was not
 * asked.
 */
export async function runSlackTest({ entries, environment, print }: Run): Promise<number> {
  const token = environment['SLACK_TEST_TOKEN'] ?? '';
  if (token === '') {
    print(
      'Set SLACK_TEST_TOKEN to the bot token (xoxb-…) of a Slack app of your own; nothing is posted with it.',
    );
    return 2;
  }
  const apiUrl = environment['SLACK_TEST_API_URL'] ?? slackApiUrl;
  try {
    const { passed, failed } = await validateMessages(entries, { token, apiUrl, print });
    print(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    print(describe(error, apiUrl));
    return 2;
  }
}

function describe(error: unknown, apiUrl: string): string {
  if (!(error instanceof Error)) return String(error);
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return error instanceof TypeError ? `${apiUrl} can not be reached: ${reason}` : reason;
}
