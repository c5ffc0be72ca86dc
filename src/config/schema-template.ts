import { z } from 'zod';
import { isGuarded } from '../domain/guarded-variable.ts';
import { freeArguments, type VariableRule } from '../domain/redistribution.ts';
import { pattern, text } from './fields.ts';

const flagName = text('a flag as it is written, with its dashes', "'-a'", /^-\S*$/);
const place = text(
  `a flag as it is written, or ${freeArguments}`,
  "'--to'",
  new RegExp(String.raw`^(?:-\S*|${freeArguments})$`),
);
const variableName = text(
  'a name of an environment variable',
  'ANSIBLE_INVENTORY',
  /^[A-Za-z_][A-Za-z0-9_]*$/,
);

/** A variable by a pattern or by one value; one that says what program or library runs, by one value alone. */
const variable = z
  .strictObject({ name: variableName, value: pattern("'[a-z]+'").optional(), is: z.string().optional() })
  .transform(({ name, value, is }, context): VariableRule => {
    if (is !== undefined && value === undefined) return { name, exactly: is };
    if (is === undefined && value !== undefined && !isGuarded(name)) return { name, pattern: value };
    const must = isGuarded(name)
      ? 'have its one allowed value under `is`, and no pattern: it may decide which program runs'
      : 'have a pattern under `value`, or one value under `is`';
    context.addIssue({
      code: 'custom',
      message: `must ${must}`,
      params: { must, example: 'is: /etc/ansible/ansible.cfg' },
    });
    return z.NEVER;
  });

/** One kind of command that may be re-run: a program, its flags, and what its arguments may be. */
export const commandTemplate = z.strictObject({
  program: text("a program, exactly as the log's argv[0]", 'rsync'),
  flags: z
    .array(
      z.union([
        flagName.transform((flag) => ({ name: flag, value: null })),
        z.strictObject({ name: flagName, value: pattern("'\\d+'").nullable().default(null) }),
      ]),
    )
    .default([]),
  arguments: z.array(pattern("'/srv/packages/[a-z0-9.-]+'")).default([]),
  directories: z.array(pattern("'/srv/packages'")).default([]),
  list: z
    .union([place.transform((one) => [one]), z.array(place)])
    .nullable()
    .default(null),
  environment: z.array(variable).default([]),
});
