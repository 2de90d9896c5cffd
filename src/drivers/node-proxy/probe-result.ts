/** What one question to a target came to, in the words of DescribeTargetHealth. */
export type ProbeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly description: string }

export const timedOut: ProbeResult = {
  ok: false,
  reason: 'Target.Timeout',
  description: 'Request timed out',
}
export const failed: ProbeResult = {
  ok: false,
  reason: 'Target.FailedHealthChecks',
  description: 'Health checks failed',
}

/** Whether a code is one that the check asks for. */
export function judgeCode(code: number, matcher: string): ProbeResult {
  if (matchesStatus(matcher, code)) return { ok: true }
  return {
    ok: false,
    reason: 'Target.ResponseCodeMismatch',
    description: `Health checks failed with these codes: [${code}]`,
  }
}

/** `200`, `200-299`, `200,302` and mixtures. */
export function matchesStatus(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from = '', to = from] = part.split('-')
    return status >= Number(from) && status <= Number(to)
  })
}
