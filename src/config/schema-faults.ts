import { z } from 'zod';
import { spellKey } from './faults.ts';
import type { FieldRule } from './fields.ts';
import { at } from './raw-data.ts';
import { suggestWord } from '../domain/suggest.ts';

type Issue = z.core.$ZodIssue;

/** A fault with its path instead of its place. */
export interface SchemaFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint: string | null;
}

/** The messages of issues that zod raises itself; for unknown keys, the keys that are known. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
    return Object.keys(issue.inst.shape).join(' ');
  }
  if (issue.code !== 'invalid_type') return undefined;
  return issue.expected === 'array' ? 'must be a list' : 'must be a section with keys';
}

/** What zod found, for people. `raw` is the data it looked at. */
export function toFaults(issues: readonly Issue[], raw: unknown): readonly SchemaFault[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return describeUnknownKeys(issue);
    if (issue.code === 'invalid_union') return toFaults(pickBranch(issue), raw);
    return [describeValue(issue, raw)];
  });
}

function describeUnknownKeys({
  keys,
  path,
  message,
}: z.core.$ZodIssueUnrecognizedKeys): readonly SchemaFault[] {
  const known = message.split(' ');
  return keys.map((key) => {
    const meant = suggestWord(key, known);
    const hint = meant === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${meant}?`;
    const secret = /password|token|secret/i.test(key);
    return {
      path: [...path, key],
      message: 'is not a known key',
      hint: secret ? 'Secrets belong into the environment, not into this file.' : hint,
    };
  });
}

/** Of the ways in which a value may be written, the one that it came nearest to. */
function pickBranch({ errors, path }: z.core.$ZodIssueInvalidUnion): readonly Issue[] {
  const depth = (branch: readonly Issue[]) => Math.max(...branch.map((issue) => issue.path.length));
  const reaches = (branch: readonly Issue[]) =>
    branch.some(({ code }) => code === 'unrecognized_keys') ? 1 : 0;
  const [nearest = []] = errors.toSorted((a, b) => depth(b) + reaches(b) - depth(a) - reaches(a));
  return nearest.map((issue) => Object.assign({}, issue, { path: [...path, ...issue.path] }));
}

function describeValue(issue: Issue, raw: unknown): SchemaFault {
  const { path, message } = issue;
  const rule: Partial<FieldRule> = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  const value = at(raw, path);
  if (value === undefined) return { path, message: 'is missing', hint: writeExample(path, rule.example) };
  const isList = issue.code === 'invalid_type' && issue.expected === 'array';
  const example = isList ? writeList(value) : rule.example;
  const meant = typeof value === 'string' ? suggestWord(value, rule.words ?? []) : null;
  const hint = rule.remedy ?? writeExample(path, example);
  return {
    path,
    message: `${message} (got ${quote(value)})`,
    hint: meant === null ? hint : `Did you mean ${meant}?`,
  };
}

/** What was written, as a list of one. */
function writeList(value: unknown): string {
  if (typeof value === 'object') return '[{ … }]';
  return `[${typeof value === 'string' ? value : JSON.stringify(value)}]`;
}

function writeExample(path: readonly PropertyKey[], example: string | undefined): string | null {
  if (example === undefined) return null;
  const key = path.at(-1);
  return typeof key === 'string'
    ? `Write for instance ${spellKey([key])}: ${example}`
    : `Write for instance ${example}`;
}

function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
