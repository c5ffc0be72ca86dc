/** A line without Slack's tokens (`xoxb-…`, `xapp-…`), the tickets of its websockets, and passwords in addresses. */
export function withoutSecrets(line: string): string {
  return line
    .replaceAll(/\b(xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+/gi, '$1-…')
    .replaceAll(/\bticket=[\w-]+/g, 'ticket=…')
    .replaceAll(/\b([a-z][a-z\d+.-]*:\/\/[^\s:@/"\\]*):[^\s@/"]+@/gi, '$1:…@');
}
