import { DriverError, reasonOf } from '../kernel/errors.ts'
import { bundleIn, type FetchedBundle } from './fetch-bundle.ts'
import type { GitHubRevision } from './specification.ts'

/** Where AWS's agents ask for the archives of commits. */
export const gitHubUrl = 'https://api.github.com'

/** Waits before the second and the third try. Whoever follows a deployment wants to hear soon that nobody answers. */
const pausesMilliseconds = [1000, 3000]
/** Of one try, until the last byte. */
const tryMillisecondsMax = 120_000

/**
 * Gets the archive of a commit, as `BASE/repos/OWNER/NAME/tarball/COMMIT` gives it, holding it to the rules for bundles. Throws a
 * `DriverError` that names the address and what was answered; it is not tried again.
 */
export async function fetchCommit(
  baseUrl: string,
  directory: string,
  revision: GitHubRevision,
  pauses: readonly number[] = pausesMilliseconds,
): Promise<FetchedBundle> {
  const parts = [revision.Account, revision.Repository, 'tarball', revision.CommitId]
  const url = `${baseUrl}/repos/${parts.map(encodeURIComponent).join('/')}`
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchOnce(url, directory)
    } catch (thrown) {
      const mayPass = thrown instanceof DriverError ? thrown.retryable : true
      const pause = pauses[attempt]
      if (!mayPass) throw thrown
      if (pause === undefined) {
        const message = `${url} cannot be fetched: ${wordsOf(thrown)} (${attempt + 1} tries)`
        throw new DriverError(message, { retryable: false, cause: thrown })
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

async function fetchOnce(url: string, directory: string): Promise<FetchedBundle> {
  const response = await fetch(url, {
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'evenkeel-agent' },
    signal: AbortSignal.timeout(tryMillisecondsMax),
  })
  if (response.ok && response.body) {
    return bundleIn(response.body, directory, { name: url, type: 'tgz' })
  }
  const text = (await response.text()).slice(0, 300)
  const hint = response.status === 404 ? ': no such repository or commit, or it is private' : ''
  throw new DriverError(`${url} was answered ${response.status}${hint}: ${text}`, {
    retryable: response.status >= 500,
  })
}

/** Of a fetch that failed the reason lies a level deeper. */
function wordsOf(thrown: unknown): string {
  const cause =
    thrown instanceof Error && !(thrown instanceof DriverError) ? thrown.cause : undefined
  return reasonOf(cause ?? thrown)
}
