/** Data as it stands in the file, before anything is known about its shape. */
export type Section = Readonly<Record<string, unknown>>;

export interface Entry {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** The data at a path of section keys; undefined where there is none. */
export function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), raw);
}

function isContainer(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The items of the list at a path, or none. */
export function itemsAt(raw: unknown, path: readonly PropertyKey[]): readonly Entry[] {
  const list = at(raw, path);
  return Array.isArray(list) ? list.map((value: unknown, index) => ({ path: [...path, index], value })) : [];
}

/** The members of the section at a path, or none. */
export function membersAt(
  raw: unknown,
  path: readonly PropertyKey[],
): readonly (Entry & { readonly name: string })[] {
  const section = at(raw, path);
  if (!isSection(section)) return [];
  return Object.entries(section).map(([name, value]) => ({ path: [...path, name], name, value }));
}

export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
