import type { Scope } from '../../kernel/scope.ts'
import type { StoredRecord } from '../../store/records.ts'
import { markedForDeletion, secretNotFound } from './errors.ts'
import { secrets, secretVersions, type Secret } from './secret.ts'
import type { SecretsDeps } from './service-deps.ts'

/** By name, ARN, or ARN without its last six characters. One whose time of recovery is over goes now. */
export async function findSecret(
  deps: Pick<SecretsDeps, 'store' | 'clock'>,
  scope: Scope,
  secretId: string,
): Promise<StoredRecord<Secret> | undefined> {
  const [, rest] = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(secretId) ?? []
  const names = rest === undefined ? [secretId] : [rest.replace(/-[A-Za-z0-9]{6}$/, ''), rest]
  for (const name of names) {
    const found = await deps.store.find(secrets, scope, name)
    if (!found || (rest !== undefined && !found.value.arn.startsWith(secretId))) continue
    if (!isOver(deps, found.value)) return found
    await removeSecret(deps, found)
  }
  return undefined
}

export function isOver({ clock }: Pick<SecretsDeps, 'clock'>, { deletion }: Secret): boolean {
  return deletion !== undefined && deletion.at <= clock.now()
}

/** Throws for one that is not there, and, unless asked for, for one that is marked for deletion. */
export async function needSecret(
  deps: Pick<SecretsDeps, 'store' | 'clock'>,
  scope: Scope,
  secretId: string | undefined,
  also?: 'deleted',
): Promise<StoredRecord<Secret>> {
  const found = await findSecret(deps, scope, secretId ?? '')
  if (!found) throw secretNotFound()
  if (found.value.deletion && also !== 'deleted') throw markedForDeletion('use')
  return found
}

/** The secret with all its versions, in one commit. */
export async function removeSecret(
  { store }: Pick<SecretsDeps, 'store'>,
  secret: StoredRecord<Secret>,
): Promise<void> {
  await store.transaction(async (records) => {
    const { scope, value } = secret
    for (const version of await records.list(secretVersions, scope, { owner: value.arn })) {
      await records.remove(version)
    }
    await records.remove(secret)
  })
}
