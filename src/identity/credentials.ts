import type { EngineContext } from '../reconcile/engine-context.ts'
import { accessKeys, keyScope, sessions } from './records.ts'
import type { KeyHolder } from './records.ts'

/** What the wire needs to check a signature, and who it is then. */
interface Credential {
  readonly secretAccessKey: string
  /** Temporary credentials are good only with it. */
  readonly sessionToken?: string
  /** Milliseconds since the epoch. The wire refuses later requests as expired. */
  readonly expiresAt?: number
  readonly principal: KeyHolder & { readonly accessKeyId: string }
}

export interface Credentials {
  /** Undefined when there is no such key, or it is inactive. */
  find(accessKeyId: string): Promise<Credential | undefined>
}

/** More credentials than this in use at once are looked up again; at about 1 kB each, 10 MB at most. */
const cachedMax = 10_000

/** Credential lookups, kept in memory until the record behind them changes: every request makes one. */
export function createCredentials(context: EngineContext): Credentials {
  const { store } = context
  const cache = new Map<string, Credential>()
  /** Grows with each change, so that a read from before it is not kept. */
  let generation = 0

  for (const kind of [accessKeys, sessions]) {
    store.watch(kind, (changes) => {
      generation++
      for (const change of changes) cache.delete(change.id)
    })
  }

  async function read(accessKeyId: string): Promise<Credential | undefined> {
    const key = await store.find(accessKeys, keyScope, accessKeyId)
    if (key) {
      if (key.value.status !== 'Active') return undefined
      const { secretAccessKey, holder } = key.value
      return { secretAccessKey, principal: { ...holder, accessKeyId } }
    }
    const session = await store.find(sessions, keyScope, accessKeyId)
    if (!session) return undefined
    const { secretAccessKey, sessionToken, expiresAt, holder } = session.value
    return { secretAccessKey, sessionToken, expiresAt, principal: { ...holder, accessKeyId } }
  }

  return {
    async find(accessKeyId) {
      const known = cache.get(accessKeyId)
      if (known) return known
      const before = generation
      const found = await read(accessKeyId)
      if (found && before === generation) {
        if (cache.size >= cachedMax) cache.clear()
        cache.set(accessKeyId, found)
      }
      return found
    },
  }
}
