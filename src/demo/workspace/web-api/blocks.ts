import { checkBlocks, checkView } from '../block-kit/check-blocks.ts';
import type { Problems } from '../block-kit/problems.ts';
import { isRecord } from '../record.ts';
import { ApiError, type Methods } from './call.ts';

/** `blocks.validate`: https://docs.slack.dev/reference/methods/blocks.validate. */
export const blockMethods: Methods = {
  'blocks.validate': (args) => {
    const given = (['blocks', 'message', 'view'] as const).filter((name) => args.has(name));
    const [name] = given;
    if (name === undefined || given.length > 1) {
      throw new ApiError('invalid_arguments', ['must provide exactly one of `blocks`, `view`, or `message`']);
    }
    const problems = checks[name](args.json(name, `invalid_${name}`));
    if (problems.length > 0) throw new ApiError(`invalid_${name}`, problems);
    return {};
  },
};

const checks = {
  blocks: checkBlocks,
  view: checkView,
  message: (value: unknown): Problems => checkBlocks(isRecord(value) ? value['blocks'] : value),
} as const;
