import { askInner } from '../drivers/inner-door/index.ts'
import { isoSeconds } from '../kernel/clock.ts'

/** As the server tells them. Times are milliseconds since the epoch. */
interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: number
}

/** New ones are fetched this long before the old ones expire; SDKs ask again five minutes before. */
const renewMilliseconds = 15 * 60_000
const timeoutMilliseconds = 3000

/** Credentials of instances' roles: from the server, kept in memory, given while they are valid even when the server is away. */
export class RoleCredentialsCache {
  private readonly socketPath: string
  private readonly kept = new Map<string, { credentials: Credentials; fetchedAt: number }>()

  constructor(socketPath: string) {
    this.socketPath = socketPath
  }

  /** The JSON document of `iam/security-credentials/ROLE`; undefined when there is none to give. */
  async document(instanceId: string): Promise<string | undefined> {
    const kept = this.kept.get(instanceId)
    if (kept !== undefined && kept.credentials.expiresAt - Date.now() > renewMilliseconds) {
      return documentOf(kept)
    }
    const fetched = await this.fetch(instanceId)
    if (fetched !== undefined) {
      const entry = { credentials: fetched, fetchedAt: Date.now() }
      this.kept.set(instanceId, entry)
      return documentOf(entry)
    }
    return kept !== undefined && kept.credentials.expiresAt > Date.now()
      ? documentOf(kept)
      : undefined
  }

  /** Forgets those of instances that are no more. */
  keepOnly(instanceIds: ReadonlySet<string>): void {
    for (const id of this.kept.keys()) if (!instanceIds.has(id)) this.kept.delete(id)
  }

  private async fetch(instanceId: string): Promise<Credentials | undefined> {
    try {
      const answer = await askInner({
        socketPath: this.socketPath,
        method: 'GET',
        path: `/instances/${instanceId}/credentials`,
        timeoutMilliseconds,
      })
      return answer.status === 200 ? (JSON.parse(answer.body) as Credentials) : undefined
    } catch {
      // The server is away: what is kept is given while it is valid.
      return undefined
    }
  }
}

function documentOf(entry: { credentials: Credentials; fetchedAt: number }): string {
  const { credentials } = entry
  return JSON.stringify(
    {
      Code: 'Success',
      LastUpdated: isoSeconds(entry.fetchedAt),
      Type: 'AWS-HMAC',
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      Expiration: isoSeconds(credentials.expiresAt),
    },
    undefined,
    2,
  )
}
