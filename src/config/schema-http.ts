import { z } from 'zod';
import { defaultLabels, jsonFormats, labelFields } from '../domain/http-source.ts';
import { host, name, oneOf, size, text, wholeNumber } from './fields.ts';

const labelName = text('a label, or annotation:NAME', 'instance', /^(annotation:)?[A-Za-z_][A-Za-z0-9_]*$/);

/** One label, or several of which the first that is there fills the field. */
const labels = z.union([labelName.transform((label) => [label]), z.array(labelName)]);

/** What is not mapped keeps its default. */
const mapping = z
  .partialRecord(z.enum(labelFields), labels)
  .default({})
  .transform((given) => ({ ...defaultLabels, ...given }));

const source = z.strictObject({
  name: name('ops'),
  format: oneOf(jsonFormats, 'plain-json').default('plain-json'),
  labels: mapping,
});

/** JSON alerts over HTTP. The tokens come from the environment. */
export const httpSchema = z
  .strictObject({
    host: host('127.0.0.1').default('127.0.0.1'),
    port: wholeNumber({ min: 0, max: 65_535 }, '8080').default(8080),
    // Alertmanager gives up for good what is refused as too long, and its groups grow long in a storm.
    maxSize: size('10MB').default(10_000_000),
    sources: z.array(source).default([]),
  })
  .transform(({ maxSize, ...listen }) => ({ ...listen, maxSizeBytes: maxSize }));
