import { isDeepStrictEqual } from 'node:util';
import { recordsIn } from '../record.ts';
import { type Problems, problem } from './problems.ts';
import type { Rules } from './shape.ts';

type Value = Readonly<Record<string, unknown>>;

/** Returns what is wrong between the properties of one object. */
export function checkRules(rules: Rules, value: Value, path: string): Problems {
  const { atLeastOneOf, exactlyOneOf, among, ordered = [], onlyWith } = rules;
  return [
    ...(atLeastOneOf && countGiven(value, atLeastOneOf) === 0
      ? problem(`missing required field: ${atLeastOneOf.join(' or ')}`, path)
      : []),
    ...(exactlyOneOf && countGiven(value, exactlyOneOf) !== 1
      ? problem(`must provide exactly one of: ${exactlyOneOf.join(', ')}`, path)
      : []),
    ...(among === undefined ? [] : checkInitial(value, among, path)),
    ...ordered.flatMap(([low, high]) => checkOrder(value, low, high, path)),
    ...(onlyWith && value[onlyWith[0]] === true && value[onlyWith[1]] !== true
      ? problem(`${onlyWith[0]} needs ${onlyWith[1]}`, `${path}/${onlyWith[0]}`)
      : []),
  ];
}

function countGiven(value: Value, names: readonly string[]): number {
  return names.filter((name) => value[name] !== undefined).length;
}

/** What is chosen at first repeats an option exactly: its text, its value, its description. */
function checkInitial(value: Value, property: string, path: string): Problems {
  const initial = value[property];
  if (initial === undefined) return [];
  const groups = recordsIn(value['option_groups']).flatMap(({ options }) => recordsIn(options));
  const options = [...recordsIn(value['options']), ...groups];
  const chosen: readonly unknown[] = Array.isArray(initial) ? initial : [initial];
  return chosen.every((one) => options.some((option) => isDeepStrictEqual(option, one)))
    ? []
    : problem(`${property} does not match one of the options`, `${path}/${property}`);
}

function checkOrder(value: Value, low: string, high: string, path: string): Problems {
  const isAbove = Number(value[low]) > Number(value[high]);
  return isAbove ? problem(`${low} must not be greater than ${high}`, `${path}/${low}`) : [];
}
