import { DriverError } from '../kernel/errors.ts'
import type { NetworkDriver } from '../network/driver.ts'
import type { NetworkSpec } from '../protocol/network.ts'

type Operation = 'apply' | 'remove' | 'list'

/** Networks as records; what was applied last is there to be looked at. */
export interface FakeNetwork extends NetworkDriver {
  readonly networks: ReadonlyMap<string, NetworkSpec>
  /** Every call in order, `apply vpc-1 generation 3`. */
  readonly calls: readonly string[]
  /** The next call of the operation fails, once; a retryable DriverError when no error is given. */
  failNext(operation: Operation, error?: Error): void
  /** While true every call fails, as if the host process were dead. */
  setAway(away: boolean): void
}

/** Fulfils the network contract in memory; `testing/conformance/network.ts` holds it to it. */
export function fakeNetwork(): FakeNetwork {
  const networks = new Map<string, NetworkSpec>()
  const calls: string[] = []
  const failures = new Map<Operation, Error | undefined>()
  let isAway = false
  const enter = (operation: Operation, subject: string): void => {
    calls.push(`${operation} ${subject}`.trim())
    if (isAway) throw new DriverError('the host is away', { retryable: true })
    if (!failures.has(operation)) return
    const error = failures.get(operation)
    failures.delete(operation)
    throw error ?? new DriverError(`${operation} ${subject} failed`, { retryable: true })
  }
  return {
    networks,
    calls,
    failNext: (operation, error) => void failures.set(operation, error),
    setAway: (away) => void (isAway = away),
    async apply(spec) {
      enter('apply', `${spec.id} generation ${spec.generation}`)
      const known = networks.get(spec.id)
      if (known && known.generation > spec.generation) throw olderGeneration(spec, known.generation)
      networks.set(spec.id, spec)
    },
    async remove(networkId) {
      enter('remove', networkId)
      networks.delete(networkId)
    },
    async list() {
      enter('list', '')
      return [...networks.values()].map(({ id, generation }) => ({ id, generation }))
    },
  }
}

function olderGeneration(spec: NetworkSpec, known: number): DriverError {
  return new DriverError(
    `network ${spec.id}: generation ${spec.generation} is older than ${known}, which is in force`,
    { retryable: false },
  )
}
