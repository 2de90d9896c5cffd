import { identityId, secretText } from '../../identity/key-text.ts'
import { accessKeys, keyScope, type AccessKey } from '../../identity/records.ts'
import { rootHolder } from '../../identity/create-identity.ts'
import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { StoredRecord } from '../../store/records.ts'
import type { Request } from '../../wire/service.ts'
import { limitExceeded, noSuchEntity, validationError } from './errors.ts'
import { isMadeBy, madeFor } from './named-entities.ts'
import type { IamDeps, Making } from './service-deps.ts'
import { keyOwner, userEntities } from './users.ts'

/** AWS's quota. */
export const keysPerUserMax = 2

/** The user that is named, or the caller; undefined for the account's root. */
export function userOrCaller(name: string | undefined, request: Request): string | undefined {
  if (name !== undefined) return name
  const resource = parseArn(request.principal.arn)?.resource ?? ''
  if (resource === 'root') return undefined
  if (resource.startsWith('user/')) return resource.split('/').at(-1)
  throw validationError('Must specify userName when calling with non-User credentials')
}

export async function createAccessKey(
  deps: IamDeps,
  making: Making,
  userName: string | undefined,
): Promise<AccessKey> {
  const { store, random, clock } = deps.identity.context
  const { scope } = making
  const user = userName === undefined ? undefined : await userEntities.named(deps, scope, userName)
  const owner = keyOwner(scope, userName)
  return store.transaction(async (records) => {
    const held = await records.list(accessKeys, keyScope, { owner })
    const made = held.find((record) => isMadeBy(making, record.value))
    if (made) return made.value
    if (held.length >= keysPerUserMax) throw limitExceeded('AccessKeysPerUser', keysPerUserMax)
    const key: AccessKey = {
      accessKeyId: identityId(random, 'AKIA'),
      secretAccessKey: secretText(random),
      ...(userName === undefined ? {} : { userName }),
      holder: user
        ? { arn: user.value.arn, account: scope.account, userId: user.value.userId }
        : rootHolder(scope),
      status: 'Active',
      createdAt: clock.now(),
      ...madeFor(making),
    }
    await records.insert(accessKeys, { scope: keyScope, id: key.accessKeyId, owner }, key)
    return key
  })
}

export async function accessKeysOf(
  deps: IamDeps,
  scope: Scope,
  userName: string | undefined,
): Promise<readonly StoredRecord<AccessKey>[]> {
  if (userName !== undefined) await userEntities.named(deps, scope, userName)
  const owner = keyOwner(scope, userName)
  return deps.identity.context.store.list(accessKeys, keyScope, { owner })
}

export async function accessKeyNamed(
  deps: IamDeps,
  scope: Scope,
  userName: string | undefined,
  id: string | undefined,
): Promise<StoredRecord<AccessKey>> {
  const held = await accessKeysOf(deps, scope, userName)
  const found = held.find((record) => record.id === id)
  if (!found) throw noSuchEntity(`Access Key with id ${id}`)
  return found
}

/** The root's keys are shown under this name. */
export const rootUserName = 'root'
