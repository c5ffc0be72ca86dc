/**
 * Counts how often a symptom recovered since `from` and until `until`: recoveries that had a failure between them and the
 * recovery before. On equal times the failure is the later. The order of neither list matters.
 */
export function countFlaps(
  failedAt: readonly Date[],
  recoveredAt: readonly Date[],
  from: Date,
  until: Date,
): number {
  const recoveries = recoveredAt.map((at) => at.getTime()).toSorted((a, b) => a - b);
  const failures = failedAt.map((at) => at.getTime());
  return recoveries.filter((at, index) => {
    const before = recoveries[index - 1] ?? Number.NEGATIVE_INFINITY;
    const hasFailed = failures.some((failure) => failure >= before && failure < at);
    return hasFailed && at > from.getTime() && at <= until.getTime();
  }).length;
}
