/** What a source over HTTP sends (A1). */
export const jsonFormats = ['plain-json', 'alertmanager'] as const;
export type JsonFormat = (typeof jsonFormats)[number];

/** Fields of an alert that a label or an annotation can fill. */
export const labelFields = [
  'region',
  'device',
  'recipient',
  'domain',
  'package',
  'failure',
  'announced',
  'distributionServer',
  'job',
  'service',
  'attempt',
  'building',
  'room',
] as const;
export type LabelField = (typeof labelFields)[number];

/**
 * Which labels fill a field, `annotation:NAME` standing for an annotation: the first that is there does; for
 * `announced` all that are there, joined.
 */
export type LabelMapping = Readonly<Record<LabelField, readonly string[]>>;

/** A system that sends alerts over HTTP. Its bearer token says who it is. */
export interface HttpSource {
  readonly name: string;
  readonly format: JsonFormat;
  /** Read by the format `alertmanager`. */
  readonly labels: LabelMapping;
}

/** Alertmanager's own names, and those of the alert's fields. `job` names a scrape there, not a distribution. */
export const defaultLabels: LabelMapping = {
  region: ['region'],
  device: ['device', 'instance'],
  recipient: ['recipient'],
  domain: ['domain'],
  package: ['package'],
  failure: ['failure'],
  announced: ['severity', 'alertname', 'annotation:summary'],
  distributionServer: ['distribution_server', 'server'],
  job: ['distribution_job'],
  service: ['alertname'],
  attempt: ['attempt'],
  building: ['building'],
  room: ['room'],
};

/** A message's `via` for a source, and back. */
export const httpVia = (source: string): string => `http:${source}`;
export const sourceOfVia = (via: string): string => via.replace(/^http:/, '');
