import { isRecord } from '../record.ts';
import { hasFormat } from './formats.ts';
import { type Problems, problem } from './problems.ts';
import { checkRules } from './rules.ts';
import type { ObjectShape, Properties, Shape, Types } from './shape.ts';

type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>;

/** Returns what Slack would complain of: what a shape does not name is refused. Empty if Slack would take the value. */
export function checkShape(shape: Shape, value: unknown, path: string): Problems {
  switch (shape.kind) {
    case 'text':
      return checkText(shape, value, path);
    case 'number':
      return checkNumber(shape, value, path);
    case 'flag':
      return typeof value === 'boolean' ? [] : problem('must be a boolean', path);
    case 'anything':
      return [];
    case 'one-of':
      return checkOneOf(shape, value, path);
    case 'list':
      return checkList(shape, value, path);
    case 'object':
      return checkObject(shape, value, path);
    case 'typed':
      return checkTyped(shape.types, value, path);
    case 'map':
      return checkMap(shape, value, path);
    case 'either':
      return checkEither(shape, value, path);
  }
}

function checkText({ min, max, format }: Of<'text'>, value: unknown, path: string): Problems {
  if (typeof value !== 'string') return problem('must provide a string', path);
  if (value.length > max) return problem(`must be less than ${max + 1} characters`, path);
  if (value.trim().length < min) return problem(`must be more than ${min - 1} characters`, path);
  return format === null || hasFormat(format, value) ? [] : problem(`must be a valid ${format}`, path);
}

function checkNumber({ min, max, whole }: Of<'number'>, value: unknown, path: string): Problems {
  const isNumber =
    typeof value === 'number' && (whole ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (!isNumber) return problem(whole ? 'must provide an integer' : 'must provide a number', path);
  return value >= min && value <= max ? [] : problem(`must be between ${min} and ${max}`, path);
}

function checkOneOf({ values }: Of<'one-of'>, value: unknown, path: string): Problems {
  return values.some((one) => one === value)
    ? []
    : problem(`value must be one of the allowed values: ${values.join(', ')}`, path);
}

function checkList(shape: Of<'list'>, value: unknown, path: string): Problems {
  if (!Array.isArray(value)) return problem('must provide an array', path);
  const items: readonly unknown[] = value;
  if (items.length > shape.max) return problem(`no more than ${shape.max} items allowed`, path);
  if (items.length < shape.min) return problem(`must have at least ${shape.min} items`, path);
  const found = items.flatMap((one, index) => checkShape(shape.of, one, `${path}/${index}`));
  return [...found, ...checkEven(shape, items, path), ...checkDistinct(shape, items, path)];
}

function checkEven({ even }: Of<'list'>, items: readonly unknown[], path: string): Problems {
  const lengths = even ? items.filter(Array.isArray).map(({ length }) => length) : [];
  const uneven = lengths.findIndex((length) => length !== lengths[0]);
  return uneven === -1 ? [] : problem(`must have ${lengths[0]} items, as the first one`, `${path}/${uneven}`);
}

function checkDistinct({ distinct }: Of<'list'>, items: readonly unknown[], path: string): Problems {
  if (distinct === null) return [];
  const values = items.map((one) => (isRecord(one) ? one[distinct] : undefined));
  const repeated = values.findIndex((one, index) => one !== undefined && values.indexOf(one) !== index);
  return repeated === -1 ? [] : problem(`${distinct} already exists`, `${path}/${repeated}/${distinct}`);
}

function checkObject(shape: ObjectShape, value: unknown, path: string): Problems {
  if (!isRecord(value)) return problem('must provide an object', path);
  const { required, rules } = shape;
  const missing = Object.keys(required).filter((name) => value[name] === undefined);
  const known: Properties = { ...required, ...shape.optional };
  const found = Object.entries(value).flatMap(([name, one]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (one === undefined) return [];
    return property
      ? checkShape(property, one, `${path}/${name}`)
      : problem(`invalid additional property: ${name}`, path);
  });
  return [
    ...missing.flatMap((name) => problem(`missing required field: ${name}`, path)),
    ...found,
    ...checkRules(rules, value, path),
  ];
}

function checkTyped(types: Types, value: unknown, path: string): Problems {
  const type = isRecord(value) ? value['type'] : undefined;
  if (typeof type !== 'string') return problem('missing required field: type', path);
  const shape = Object.hasOwn(types, type) ? types[type] : undefined;
  if (!shape) return problem(`unsupported type: ${type}`, `${path}/type`);
  const { kind, required, optional, rules } = shape;
  return checkObject(
    { kind, required: { ...required, type: { kind: 'one-of', values: [type] } }, optional, rules },
    value,
    path,
  );
}

function checkMap({ of }: Of<'map'>, value: unknown, path: string): Problems {
  if (!isRecord(value)) return problem('must provide an object', path);
  return Object.entries(value).flatMap(([name, one]) => checkShape(of, one, `${path}/${name}`));
}

function checkEither({ shapes }: Of<'either'>, value: unknown, path: string): Problems {
  const fits = shapes.some((shape) => checkShape(shape, value, path).length === 0);
  return fits ? [] : problem('failed to match all allowed schemas', path);
}
