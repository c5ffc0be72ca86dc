/** Words that announce that something fails, also as a part of a longer one, such as `Verbindungsfehler`. */
const failures = [
  'errors?|fail(?:ed|ure|s|ing)?|denied|cannot|could not|unable|no space|refused|timed out|timeout|unreachable|unavailable',
  'not (?:available|responding|reachable)|no (?:response|route)|corrupt(?:ed)?|mismatch|critical|problem|degraded|missing',
  'aborted|offline|fehler|fehlgeschlagen|fehlt|ausgefallen|ausfall|störung|zeitüberschreitung|abgebrochen|verweigert',
  'nicht (?:erreichbar|möglich)|antwortet nicht|échec|échoué|erreur|refusée?|impossible|injoignable|falló|fallo|fallido',
  'denegado|rechazad[oa]|no responde|errore|fallito|rifiutat[oa]|falhou|falha|recusad[oa]|失敗|エラー|障害|失败|错误|실패|오류',
];
/** Words that say so standing alone: `Downloading` is no failure. */
export const shortFailureWord = /^(?:down|dead|lost)$/i;
export const failureWord = new RegExp(`${failures.join('|')}|(?<!\\p{L})(?:down|dead|lost)(?!\\p{L})`, 'iu');

/** Words that stand in their place once it works again. */
const success = [
  'succeeded|success|successful|recovered|recovery|resolved|restored|cleared|ok|okay|up|passed|fixed|healthy',
  'works? again|back to normal|erfolgreich|erfolgt|wiederhergestellt|behoben|réussie?|rétablie?|résolue?|exitos[oa]|éxito',
  'restablecid[oa]|resuelt[oa]|riuscit[oa]|ripristinat[oa]|sucesso|recuperad[oa]|成功|復旧|回復|恢复|正常|복구|성공',
].join('|');
export const successWords = `(?:${success})`;

/** Those that say so wherever they stand, unless a word before them takes it back. */
export const certainSuccessWords =
  '(?:succeeded|successful(?:ly)?|recovered|resolved|restored|erfolgreich|wiederhergestellt|behoben|réussie?|rétablie?|résolue?|exitos[oa]|restablecid[oa]|resuelt[oa]|riuscit[oa]|ripristinat[oa]|recuperad[oa])';
export const negation =
  /^(?:not|no|never|without|nicht|nie|kein\p{L}*|ohne|pas|non|sans|sin|nunca|não|sem|senza)$/iu;

const letters = String.raw`\p{L}\p{N}_`;
export const successWord = new RegExp(`(?<![${letters}-])${successWords}(?![${letters}-])`, 'iu');

/** Programs by which anybody writes mail. */
export const mailPrograms =
  /^(?:s-nail|mail(?:x|utils)?|heirloom|mutt|neomutt|thunderbird|mozilla|evolution|kmail|claws|apple|iphone|microsoft|outlook|roundcube|swaks|msmtp|nodemailer|phpmailer|sendemail)/i;

/** Senders' names that say nothing about the tool. */
export const commonSenders =
  /^(?:root|admin|administrator|nobody|daemon|postmaster|www-data|noreply|no-reply|info|mail|ops|it|support|system)$/i;

/** Takes the meaning of a pattern's signs from a text. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
