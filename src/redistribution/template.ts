import { RE2JS } from 're2js';
import type { CommandTemplate } from '../domain/redistribution.ts';
import { type ArgumentRole, readRoles } from './arguments.ts';

export type TemplateMatch =
  | { readonly allowed: true }
  /** The first thing at fault, and what else is. */
  | (ArgumentFault & { readonly allowed: false; readonly further: readonly ArgumentFault[] });

export interface ArgumentFault {
  readonly reason: string;
  /** Of the argument, counted from 0; `null` if it is no argument. */
  readonly index: number | null;
}

// Controls, invisible formatting (it could make one command look like another) and halves of characters.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** `..` as a whole part of a path: what a pattern says of the beginning would not hold. */
const climbing = /(?<![\w.-])\.\.(?![\w.-])/;

interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Whether the command may be issued: one template must allow its program, every flag, every flag's value, every argument, the
 * directory it runs in and every variable that is set for it. Patterns are RE2 syntax and match wholly, in linear time; `..` in
 * a path only matches a pattern that spells it (`\.\.`). An argument or a value of its own that begins with `-` only matches a
 * pattern that begins with it: a tool may read it as a flag, also after `--`. A program given by a relative path is never
 * allowed: which one it is, the directory decides.
 * The reason names the argument at fault, counted from 0.
 */
export function matchTemplate(command: Command, templates: readonly CommandTemplate[]): TemplateMatch {
  const { argv, cwd } = command;
  const program = argv[0];
  if (program === undefined) return refuse('the command is empty', null);
  if (hidden.test(cwd))
    return refuse(`its directory ${show(cwd)} holds a control or invisible character`, null);
  if (program.includes('/') && !program.startsWith('/')) {
    return refuse(`${name(argv, 0)} is a relative path; name the program alone, or by its whole path`, 0);
  }
  if (hidden.test(argv.join(' '))) {
    const faults = argv.flatMap((argument, index) =>
      hidden.test(argument)
        ? [{ index, reason: `${name(argv, index)} holds a control or invisible character` }]
        : [],
    );
    return refuseAll(argv, faults);
  }
  const candidates = templates.filter((template) => template.program === program);
  if (candidates.length === 0) return refuse(`${name(argv, 0)} is not an allowed program on this server`, 0);
  const faults = candidates.map((template) => findFaults(command, template));
  const nearest = faults.reduce((best, found) => (firstOf(found) > firstOf(best) ? found : best));
  return nearest.length > 0 ? refuseAll(argv, nearest) : { allowed: true };
}

interface Fault {
  readonly index: number;
  readonly reason: string;
}

/** A template without faults is nearer than any other. */
function firstOf(faults: readonly Fault[]): number {
  return faults[0]?.index ?? Number.POSITIVE_INFINITY;
}

/** Returns all that a template has against the command, in the order of its arguments. */
function findFaults({ argv, cwd, environment = {} }: Command, template: CommandTemplate): readonly Fault[] {
  const matchers = matchersOf(template);
  const matches = (pattern: string, value: string): boolean => {
    const matcher = matchers.get(pattern) ?? createMatcher(pattern);
    matchers.set(pattern, matcher);
    return matcher(value);
  };
  const faults = readRoles(argv, template).flatMap((role, index): Fault[] => {
    const reason = judge(argv[index] ?? '', role, template, matches);
    return reason ? [{ index, reason: `${name(argv, index)} ${reason}` }] : [];
  });
  const { directories } = template;
  if (directories.length > 0 && !directories.some((pattern) => matches(pattern, cwd))) {
    faults.push({ index: argv.length, reason: `its directory ${show(cwd)} is not allowed` });
  }
  const variable = Object.entries(environment).find(
    ([variableName, value]) =>
      !template.environment?.some(
        (rule) =>
          rule.name === variableName &&
          ('exactly' in rule ? rule.exactly === value : matches(rule.pattern, value)),
      ),
  );
  if (variable) {
    const reason = `its environment has ${variable[0]}=${show(variable[1])}, which is not allowed`;
    faults.push({ index: argv.length + 1, reason });
  }
  return faults;
}

function judge(
  argument: string,
  role: ArgumentRole,
  template: CommandTemplate,
  matches: (pattern: string, value: string) => boolean,
): string | null {
  switch (role.role) {
    case 'program':
    case 'end-of-flags':
    case 'flag':
    case 'value':
      return null;
    case 'unknown-flag':
      return 'is not an allowed flag';
    case 'flag-with-value':
      if (role.value === undefined) return 'needs a value';
      if (!role.joined && isOddDash(role.value, role.pattern)) {
        return `has the value ${show(role.value)}, which begins with “-”; the pattern for it does not`;
      }
      return matches(role.pattern, role.value)
        ? null
        : `has the value ${show(role.value)}, which is not allowed`;
    case 'argument':
    default:
      return judgeArgument(argument, template.arguments, matches);
  }
}

function judgeArgument(
  argument: string,
  patterns: readonly string[],
  matches: (pattern: string, value: string) => boolean,
): string | null {
  const usable = patterns.filter((pattern) => !isOddDash(argument, pattern));
  if (usable.some((pattern) => matches(pattern, argument))) return null;
  const isDash = usable.length < patterns.length;
  return isDash
    ? 'is not an allowed argument: it begins with “-”, and no pattern that does allows it'
    : 'is not an allowed argument';
}

/** Matches a pattern that begins with a dash: `-v`, `^-v`, `\-?\d+`, `(?:-v|-q)`, `[-+]x`. */
const spellsDash = /^\^?(?:\((?:\?:)?)*\^?(?:\\?-|\[-)/;

/** Returns whether the value begins with a dash that the pattern does not spell. */
function isOddDash(value: string, pattern: string): boolean {
  return value.startsWith('-') && !spellsDash.test(pattern);
}

type Matcher = (value: string) => boolean;

/** Compiling costs far more than matching, and thousands of commands are matched with the same template. */
const matcherCache = new WeakMap<CommandTemplate, Map<string, Matcher>>();
/** Most of the values of a server's commands are the same in all of them. */
const valuesRemembered = 1_000;

function matchersOf(template: CommandTemplate): Map<string, Matcher> {
  const known = matcherCache.get(template) ?? new Map<string, Matcher>();
  matcherCache.set(template, known);
  return known;
}

/** A pattern that cannot be read allows nothing. */
function createMatcher(pattern: string): Matcher {
  const compiled = compile(pattern);
  const mayClimb = pattern.includes(String.raw`\.\.`);
  const known = new Map<string, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const matches = (mayClimb || !climbing.test(value)) && (compiled?.matches(value) ?? false);
    if (known.size < valuesRemembered) known.set(value, matches);
    return matches;
  };
}

function compile(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
}

function refuse(reason: string, index: number | null): TemplateMatch {
  return { allowed: false, reason, index, further: [] };
}

/** `faults` is not empty; what is behind the arguments is none of them. */
function refuseAll(argv: readonly string[], faults: readonly Fault[]): TemplateMatch {
  const [first, ...further] = faults.map(({ index, reason }) => ({
    reason,
    index: index < argv.length ? index : null,
  }));
  return first ? { allowed: false, ...first, further } : { allowed: true };
}

function name(argv: readonly string[], index: number): string {
  return `argument ${index} (${show(argv[index] ?? '')})`;
}

function show(text: string): string {
  const safe = text.replace(/[\p{Cf}\p{Cs}\u2028\u2029]/gu, '?');
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe);
}
