/** Problems in Slack's own form: `[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
export type Check = (value: unknown, path: string) => readonly string[];

export type Fields = Readonly<Record<string, Check>>;

export function problem(text: string, path: string): readonly string[] {
  return [`[ERROR] ${text} [json-pointer:${path}]`];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function string(max: number, min = 1): Check {
  return (value, path) => {
    if (typeof value !== 'string') return problem('must provide a string', path);
    if (value.length > max) return problem(`must be less than ${max + 1} characters`, path);
    if (value.length < min) return problem(`must be more than ${min - 1} characters`, path);
    return [];
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, path) =>
    allowed.some((one) => one === value) ? [] : problem('value must be one of the allowed values', path);
}

export function list(max: number, item: Check, min = 1): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return problem('must provide an array', path);
    if (value.length > max) return problem(`no more than ${max} items allowed`, path);
    if (value.length < min) return problem(`must have at least ${min} items`, path);
    return value.flatMap((one, index) => item(one, `${path}/${index}`));
  };
}

export function object(required: Fields, optional: Fields = {}): Check {
  return (value, path) => {
    if (!isRecord(value)) return problem('must provide an object', path);
    const missing = Object.keys(required).filter((name) => value[name] === undefined);
    return [
      ...missing.flatMap((name) => problem(`missing required field: ${name}`, path)),
      ...Object.entries({ ...required, ...optional }).flatMap(([name, check]) =>
        value[name] === undefined ? [] : check(value[name], `${path}/${name}`),
      ),
    ];
  };
}

/** Objects told apart by their `type`. */
export function byType(kinds: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    const type = isRecord(value) ? value['type'] : undefined;
    if (typeof type !== 'string') return problem('missing required field: type', path);
    const check = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    return check ? check(value, path) : problem(`unsupported type: ${type}`, `${path}/type`);
  };
}
