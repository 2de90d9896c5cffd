import { runInNewContext } from 'node:vm'
import { problem } from './domain/template-problem.ts'

/** Far longer than a sensible pattern takes on 4,096 characters. */
const matchMilliseconds = 200

/**
 * Whether the whole text matches a template's AllowedPattern. The pattern is the caller's, and one like `(a+)+` would hold the server
 * for years: it runs where it can be stopped. Throws a `TemplateProblem` then.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = `^(?:${pattern})$`
  try {
    return runInNewContext(
      'new RegExp(source).test(text)',
      { source, text },
      { timeout: matchMilliseconds },
    ) as boolean
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw problem(`AllowedPattern ${pattern} takes too long to match`)
  }
}
