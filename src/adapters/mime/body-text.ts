export interface BodyText {
  readonly text: string;
  /** What exceeds the bounds was left out. */
  readonly isCut: boolean;
}

/** The bounds that the parsing thread applies; a bound that is left out does not hold. */
export interface ParsingBounds {
  /** In UTF-16 units. */
  readonly textLength: number;
  readonly nesting: number;
  /** Of the headers of one part, in bytes. */
  readonly headerBytes: number;
  readonly parts: number;
}

/** What the thread that parses mail is asked. */
export interface ParsingRequest {
  readonly source: Uint8Array;
  readonly bounds: ParsingBounds;
}

/** What it answers; a reason is a stable word in kebab-case. */
export type ParsingAnswer = BodyText | { readonly reason: string; readonly message: string };
