/** The same client with some of its methods replaced; drivers' clients are functions, and can't be copied. */
export function override<Client extends object>(
  client: Client,
  overrides: Readonly<Record<PropertyKey, unknown>>,
): Client {
  return new Proxy(client, {
    get: (target, key) => (Object.hasOwn(overrides, key) ? overrides[key] : Reflect.get(target, key)),
  });
}
