import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import { kindOf, modify, RecordExists, type StoredRecord } from '../../store/records.ts'
import {
  oldestIsLabelled,
  parameterAlreadyExists,
  parameterNotFound,
  parameterVersionNotFound,
  patternMismatch,
  validationException,
} from './errors.ts'
import { publicParameter } from './public-parameters.ts'
import type { SsmDeps } from './service-deps.ts'

export interface ParameterVersion {
  readonly version: number
  readonly value: string
  readonly modifiedAt: number
  readonly modifiedBy: string
  /** Names of this version; no other version of the parameter has any of them. */
  readonly labels?: readonly string[] | undefined
}

export type ParameterKind = 'String' | 'StringList' | 'SecureString'

/** id: the name. The value of a secure string is sealed, bound to the name and the version. */
export interface Parameter extends ParameterVersion {
  readonly name: string
  readonly type: ParameterKind
  readonly description?: string
  readonly allowedPattern?: string
  readonly tags?: readonly Tag[]
  /** Oldest first, without the current one. */
  readonly earlier: readonly ParameterVersion[]
  /** The token of the stack resource that made it. */
  readonly madeBy?: string
}

export const parameters = kindOf<Parameter>('ssm/parameter')

const valueMax = 4096
/** AWS keeps a hundred; so few keep the record small, and the README says so. */
const earlierMax = 20

export interface NewValue {
  readonly name: string
  readonly value: string
  readonly type: string | undefined
  readonly description: string | undefined
  readonly allowedPattern: string | undefined
  readonly overwrite: boolean
  readonly by: string
  /** Of a new one. */
  readonly tags?: readonly Tag[]
  readonly madeBy?: string
}

/** Writes a value and answers its version. Throws SSM's errors. */
export async function putParameter(deps: SsmDeps, scope: Scope, given: NewValue): Promise<number> {
  check(given)
  const { name, value, description, allowedPattern, overwrite, by } = given
  const now = { modifiedAt: deps.clock.now(), modifiedBy: by }
  if (!overwrite) return insert(deps, scope, given, { ...now, value })
  const written = await modify(deps.store, { kind: parameters, scope, id: name }, (known) => {
    if (given.type !== undefined && given.type !== known.type) {
      throw validationException(
        `The parameter ${name} has type ${known.type}; a type cannot be changed`,
      )
    }
    const { version, value: last, modifiedAt, modifiedBy, labels } = known
    const earlier = [...known.earlier, { version, value: last, modifiedAt, modifiedBy, labels }]
    const oldest = earlier.length > earlierMax ? earlier[0] : undefined
    if (oldest?.labels) throw oldestIsLabelled(name, oldest.version)
    return {
      ...known,
      ...now,
      value: atRest(deps, known.type, { name, version: version + 1, value }),
      version: version + 1,
      labels: undefined,
      earlier: earlier.slice(-earlierMax),
      ...(description === undefined ? {} : { description }),
      ...(allowedPattern === undefined ? {} : { allowedPattern }),
    }
  })
  return written ? written.value.version : insert(deps, scope, given, { ...now, value })
}

async function insert(
  deps: SsmDeps,
  scope: Scope,
  given: NewValue,
  now: Omit<ParameterVersion, 'version'>,
): Promise<number> {
  const { name, type, description, allowedPattern, madeBy, tags = [] } = given
  if (type !== 'String' && type !== 'StringList' && type !== 'SecureString') {
    throw validationException(
      type === undefined
        ? 'A parameter type is required when you create a parameter.'
        : `Parameters of type ${type} are not supported here`,
    )
  }
  const value: Parameter = {
    ...now,
    value: atRest(deps, type, { name, version: 1, value: now.value }),
    name,
    type,
    version: 1,
    earlier: [],
    ...(description === undefined ? {} : { description }),
    ...(allowedPattern === undefined ? {} : { allowedPattern }),
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(tags.length === 0 ? {} : { tags }),
  }
  try {
    await deps.store.insert(parameters, { scope, id: name }, value)
    return 1
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    const known = await deps.store.find(parameters, scope, name)
    if (madeBy !== undefined && known?.value.madeBy === madeBy) return known.value.version
    throw parameterAlreadyExists()
  }
}

function check({ name, value, allowedPattern }: NewValue): void {
  if (!/^[a-zA-Z0-9_.\-/]{1,1011}$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw validationException(
      `Parameter name ${name}: must not begin with aws or ssm, and consist of a-zA-Z0-9_.-/`,
    )
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw validationException('Parameter name must be a fully qualified name.')
  }
  if (value === '' || Buffer.byteLength(value) > valueMax || value.includes('\0')) {
    throw validationException(`The value must have 1 to ${valueMax} bytes`)
  }
  if (allowedPattern === undefined) return
  try {
    if (new RegExp(allowedPattern).test(value)) return
  } catch {
    throw validationException(`AllowedPattern ${allowedPattern} is not a regular expression`)
  }
  throw patternMismatch(allowedPattern)
}

function atRest(
  { sealer }: SsmDeps,
  type: ParameterKind,
  { name, version, value }: { name: string; version: number; value: string },
): string {
  return type === 'SecureString' ? sealer.seal(value, `${name}/${version}`) : value
}

/** A value as the caller may see it: a secure string stays sealed unless it is to be decrypted. */
export function shownValue(
  { sealer }: SsmDeps,
  { name, type }: Pick<Parameter, 'name' | 'type'>,
  at: ParameterVersion,
  isDecrypted: boolean | undefined,
): string {
  const isSealed = type === 'SecureString' && isDecrypted === true
  return isSealed ? sealer.open(at.value, `${name}/${at.version}`) : at.value
}

/** A parameter at a version. `name`, `name:3`, `name:label`, or its ARN; the public ones of AWS too. Throws SSM's errors. */
export async function needParameter(
  deps: SsmDeps,
  scope: Scope,
  selector: string,
): Promise<Parameter> {
  const { name, version } = partsOf(selector)
  const known = publicParameter(name) ?? (await deps.store.find(parameters, scope, name))?.value
  if (!known) throw parameterNotFound(selector)
  if (version === undefined || String(known.version) === version) return known
  const found = [known, ...known.earlier].find(
    (each) => String(each.version) === version || each.labels?.includes(version),
  )
  if (!found) throw parameterVersionNotFound(selector)
  const { value, modifiedAt, modifiedBy, labels } = found
  return { ...known, version: found.version, value, modifiedAt, modifiedBy, labels }
}

/** The name that a parameter is kept by, of its name or ARN. */
export function plainName(named: string | undefined): string {
  return partsOf(named ?? '').name
}

function partsOf(selector: string): { name: string; version: string | undefined } {
  const [, path] = /^arn:[^:]*:ssm:[^:]*:[^:]*:parameter\/(.+)$/.exec(selector) ?? []
  const text = path === undefined ? selector : path.includes('/') ? `/${path}` : path
  const [name = '', version] = text.split(':')
  return { name, version }
}

/** Whether there was one. */
export async function removeParameter(deps: SsmDeps, scope: Scope, name: string): Promise<boolean> {
  const found: StoredRecord<Parameter> | undefined = await deps.store.find(parameters, scope, name)
  if (found) await deps.store.remove(found)
  return found !== undefined
}
