/**
 * What can explain an alert, the strongest first: an alert belongs to the first of these that has a ticket. A cause that is
 * known comes before a place, a wide place before a narrow one. `root` is a server at whose devices deliveries fail,
 * `root-of-package` one at whose devices one package does.
 */
export const levels = [
  'package',
  'job',
  'network',
  'region',
  'building',
  'root',
  'root-of-package',
  'server',
  'device',
] as const;
export type Level = (typeof levels)[number];
