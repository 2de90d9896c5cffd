import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'
import { DriverError } from '../../kernel/errors.ts'

const run = promisify(execFile)

/** How to start PostgreSQL, which refuses to run as root. */
export interface Unprivileged {
  /** Goes before the program and its arguments. */
  readonly prefix: readonly string[]
  /** Makes a folder PostgreSQL's own. */
  own(folder: string): Promise<void>
}

const nobody = 65_534

/**
 * Root's ways, tried in order. A user namespace, in which root's files belong to user 1000: nothing changes owner. Where namespaces
 * are forbidden (containers), the user `nobody` with the one capability to reach folders below root's own.
 */
const waysOfRoot: readonly Unprivileged[] = [
  {
    prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'],
    own: async () => {},
  },
  {
    prefix: [
      'setpriv',
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--',
    ],
    own: (folder) => chown(folder, nobody, nobody),
  },
]

/** `owner` is that of an existing data directory, which must stay the same. */
export async function findUnprivileged(owner: number | undefined): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { prefix: [], own: async () => {} }
  const failures: string[] = []
  for (const way of waysOfRoot) {
    const [program = '', ...rest] = way.prefix
    const isNobody = way === waysOfRoot[1]
    if (owner !== undefined && isNobody !== (owner === nobody)) continue
    try {
      await run(program, [...rest, 'true'])
      return way
    } catch (thrown) {
      failures.push(thrown instanceof Error ? thrown.message.trim() : String(thrown))
    }
  }
  throw new DriverError(
    `PostgreSQL does not run as root, and root could not become another user: ${failures.join('; ')}`,
    { retryable: false },
  )
}
