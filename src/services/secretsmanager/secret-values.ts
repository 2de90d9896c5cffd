import { arnOf } from '../../kernel/arn.ts'
import { randomText, uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import {
  RecordExists,
  StaleRevision,
  type Records,
  type StoredRecord,
} from '../../store/records.ts'
import {
  invalidParameter,
  markedForDeletion,
  secretExists,
  valueNotFound,
  versionExists,
} from './errors.ts'
import { findSecret, needSecret } from './find-secret.ts'
import {
  current,
  previous,
  secrets,
  secretVersions,
  type Secret,
  type SecretVersion,
} from './secret.ts'
import type { SecretsDeps } from './service-deps.ts'

export interface SecretValue {
  readonly text: string
  /** The text is base64 of bytes. */
  readonly isBinary: boolean
}

/** Of the two members that carry a value; undefined when neither is given. */
export function valueGiven(input: {
  readonly SecretString?: string | undefined
  readonly SecretBinary?: Uint8Array | undefined
}): SecretValue | undefined {
  const { SecretString, SecretBinary } = input
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  }
  if (SecretString !== undefined) return checked({ text: SecretString, isBinary: false })
  if (SecretBinary === undefined) return undefined
  return checked({ text: Buffer.from(SecretBinary).toString('base64'), isBinary: true })
}

const valueBytesMax = 65_536
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const suffixLength = 6
/** AWS's bound of versions; those without a label go first. */
const versionsMax = 100
const attemptsMax = 20

function checked(value: SecretValue): SecretValue {
  if (Buffer.byteLength(value.text) > valueBytesMax) {
    throw invalidParameter(`The secret value must have at most ${valueBytesMax} bytes.`)
  }
  return value
}

export interface NewSecret {
  readonly name: string
  readonly description: string | undefined
  readonly tags: readonly Tag[]
  readonly value: SecretValue | undefined
  readonly token: string | undefined
  readonly madeBy?: string
}

export interface WrittenVersion {
  readonly secret: Secret
  readonly versionId: string | undefined
}

/** Repeating it with the token and the value is the same secret. */
export async function createSecret(
  deps: SecretsDeps,
  scope: Scope,
  given: NewSecret,
): Promise<WrittenVersion> {
  const { name, description, tags, value, madeBy } = given
  if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
    throw invalidParameter(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  }
  const known = await findSecret(deps, scope, name)
  if (known) return again(deps, known, given)
  const now = deps.clock.now()
  const suffix = randomText(deps.random, suffixLength, alphanumeric)
  const arn = arnOf('secretsmanager', scope, `secret:${name}-${suffix}`)
  const versionId = value ? tokenOf(deps, given.token) : undefined
  const secret: Secret = {
    name,
    arn,
    ...(description === undefined ? {} : { description }),
    tags,
    stages: versionId === undefined ? {} : { [current]: versionId },
    createdAt: now,
    changedAt: now,
    ...(madeBy === undefined ? {} : { madeBy }),
  }
  try {
    await deps.store.transaction(async (records) => {
      await records.insert(secrets, { scope, id: name }, secret)
      if (value && versionId !== undefined) {
        await insertVersion({ ...deps, records }, scope, { arn, versionId, value })
      }
    })
  } catch (thrown) {
    if (thrown instanceof RecordExists) throw secretExists(name)
    throw thrown
  }
  return { secret, versionId }
}

async function again(
  deps: SecretsDeps,
  known: StoredRecord<Secret>,
  given: NewSecret,
): Promise<WrittenVersion> {
  const { name, token, value, madeBy } = given
  if (known.value.deletion) throw markedForDeletion('create')
  const versionId = known.value.stages[current]
  if (madeBy !== undefined && known.value.madeBy === madeBy)
    return { secret: known.value, versionId }
  const isSame =
    token !== undefined &&
    token === versionId &&
    value !== undefined &&
    (await readValue(deps, known, { versionId: token })).text === value.text
  if (!isSame) throw secretExists(name)
  return { secret: known.value, versionId }
}

function tokenOf(deps: SecretsDeps, token: string | undefined): string {
  if (token === undefined) return uuid(deps.random)
  if (token.length >= 32 && token.length <= 64) return token
  throw invalidParameter('ClientRequestToken must be 32-64 characters long.')
}

async function insertVersion(
  { records, clock, sealer }: SecretsDeps & { readonly records: Records },
  scope: Scope,
  { arn, versionId, value }: { arn: string; versionId: string; value: SecretValue },
): Promise<void> {
  const id = `${arn}/${versionId}`
  const sealed = sealer.seal(value.text, id)
  const { isBinary } = value
  const version = { versionId, sealed, isBinary, createdAt: clock.now() }
  await records.insert(secretVersions, { scope, id, owner: arn }, version)
}

/** Adds a version and moves labels to it; AWSCURRENT leaves AWSPREVIOUS where it was. */
export async function putValue(
  deps: SecretsDeps,
  scope: Scope,
  given: {
    readonly secretId: string | undefined
    readonly value: SecretValue
    readonly token: string | undefined
    readonly stages?: readonly string[] | undefined
    readonly description?: string | undefined
  },
): Promise<WrittenVersion & { readonly versionId: string }> {
  const versionId = tokenOf(deps, given.token)
  const stages = given.stages ?? [current]
  if (stages.length === 0) throw invalidParameter('VersionStages must have at least one label.')
  for (let attempt = 1; ; attempt++) {
    const found = await needSecret(deps, scope, given.secretId)
    const before = await versionOf(deps, found, versionId)
    if (before) {
      const same = deps.sealer.open(before.value.sealed, before.id) === given.value.text
      if (same) return { secret: found.value, versionId }
      throw versionExists(versionId)
    }
    try {
      return await deps.store.transaction(async (records) => {
        const { arn } = found.value
        await insertVersion({ ...deps, records }, scope, { arn, versionId, value: given.value })
        const { description } = given
        const secret = {
          ...found.value,
          ...(description === undefined ? {} : { description }),
          stages: moved(found.value.stages, stages, versionId),
          changedAt: deps.clock.now(),
        }
        await records.update(found, secret)
        await prune(records, scope, secret)
        return { secret, versionId }
      })
    } catch (thrown) {
      const isLost = thrown instanceof StaleRevision || thrown instanceof RecordExists
      if (!isLost || attempt >= attemptsMax) throw thrown
    }
  }
}

/** Labels after some of them moved to a version. */
export function moved(
  stages: Secret['stages'],
  labels: readonly string[],
  versionId: string,
): Secret['stages'] {
  const next = { ...stages }
  const was = stages[current]
  for (const label of labels) next[label] = versionId
  if (labels.includes(current) && was !== undefined && was !== versionId) next[previous] = was
  return next
}

async function prune(records: Records, scope: Scope, { arn, stages }: Secret): Promise<void> {
  const all = await records.list(secretVersions, scope, { owner: arn })
  const labelled = new Set(Object.values(stages))
  const free = all
    .filter(({ value }) => !labelled.has(value.versionId))
    .toSorted((left, right) => left.value.createdAt - right.value.createdAt)
  for (const version of free.slice(0, Math.max(0, all.length - versionsMax)))
    await records.remove(version)
}

function versionOf(
  { store }: SecretsDeps,
  { scope, value }: StoredRecord<Secret>,
  versionId: string,
): Promise<StoredRecord<SecretVersion> | undefined> {
  return store.find(secretVersions, scope, `${value.arn}/${versionId}`)
}

/** A version's value in the clear: of an id, of a label, or the current one. */
export async function readValue(
  deps: SecretsDeps,
  secret: StoredRecord<Secret>,
  which: { readonly versionId?: string | undefined; readonly stage?: string | undefined },
): Promise<SecretValue & Pick<SecretVersion, 'versionId' | 'createdAt'>> {
  const { stages } = secret.value
  const stage = which.stage ?? current
  const versionId = which.versionId ?? stages[stage]
  if (versionId === undefined) throw valueNotFound(`staging label: ${stage}`)
  const isElsewhere = which.stage !== undefined && stages[which.stage] !== versionId
  const version = isElsewhere ? undefined : await versionOf(deps, secret, versionId)
  if (!version) throw valueNotFound(`VersionId: ${versionId}`)
  const { sealed, isBinary, createdAt } = version.value
  return { text: deps.sealer.open(sealed, version.id), isBinary, versionId, createdAt }
}

export function stagesOf({ stages }: Secret, versionId: string): string[] {
  return Object.keys(stages).filter((label) => stages[label] === versionId)
}
