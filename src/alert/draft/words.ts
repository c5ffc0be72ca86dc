/** Words by which tools announce that something fails. */
export const failureWord =
  /errors?|fail(?:ed|ure|s|ing)?|denied|cannot|could not|unable|no space|refused|timed out|timeout|unreachable|corrupt(?:ed)?|mismatch|down|critical|problem|degraded|missing|dead|lost|fehler|fehlgeschlagen|fehlt|ausgefallen|nicht erreichbar|échec|échoué|erreur|falló|fallo|fallido|errore|fallito|falhou|falha|失敗|エラー|障害|失败|错误|실패|오류/iu;

/** Words that stand in their place once it works again. */
const success = [
  'succeeded|success|successful|recovered|recovery|resolved|restored|cleared|ok|okay|up|passed|fixed|healthy',
  'works? again|back to normal|erfolgreich|erfolgt|wiederhergestellt|behoben|réussie?|rétablie?|résolue?|exitos[oa]|éxito',
  'restablecid[oa]|resuelt[oa]|riuscit[oa]|ripristinat[oa]|sucesso|recuperad[oa]|成功|復旧|回復|恢复|正常|복구|성공',
].join('|');
export const successWords = `(?:${success})`;

const letters = String.raw`\p{L}\p{N}_`;
export const successWord = new RegExp(`(?<![${letters}-])${successWords}(?![${letters}-])`, 'iu');

/** Senders' names that say nothing about the tool. */
export const commonSenders =
  /^(?:root|admin|administrator|nobody|daemon|postmaster|www-data|noreply|no-reply|info|mail|ops|it|support|system)$/i;

/** Takes the meaning of a pattern's signs from a text. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
