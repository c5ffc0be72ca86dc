/** Problems in Slack's own form: `[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
export type Problems = readonly string[];

export function problem(text: string, path: string): Problems {
  return [`[ERROR] ${text} [json-pointer:${path}]`];
}
