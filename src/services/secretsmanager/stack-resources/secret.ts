import type { Tag } from '../../../kernel/tags.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { changeSecret } from '../change-secret.ts'
import { invalidParameter } from '../errors.ts'
import { findSecret, removeSecret } from '../find-secret.ts'
import { randomPassword, type PasswordWish } from '../random-password.ts'
import { secrets } from '../secret.ts'
import { createSecret, putValue, type SecretValue } from '../secret-values.ts'
import type { SecretsDeps } from '../service-deps.ts'

interface SecretProperties {
  readonly Name?: string
  readonly Description?: string
  readonly SecretString?: string
  readonly GenerateSecretString?: PasswordWish & {
    readonly SecretStringTemplate?: string
    readonly GenerateStringKey?: string
  }
  readonly Tags?: readonly Tag[]
}

const nameMax = 200

/** `AWS::SecretsManager::Secret`: Ref and Id are its ARN. */
export function secretType(deps: SecretsDeps): ResourceType {
  return {
    name: 'AWS::SecretsManager::Secret',
    properties: {
      Name: 'string',
      Description: 'string',
      SecretString: 'string',
      GenerateSecretString: {
        ...{ PasswordLength: 'number', ExcludeCharacters: 'string', ExcludeNumbers: 'boolean' },
        ...{ ExcludePunctuation: 'boolean', ExcludeUppercase: 'boolean' },
        ...{ ExcludeLowercase: 'boolean', IncludeSpace: 'boolean' },
        ...{ RequireEachIncludedType: 'boolean' },
        ...{ SecretStringTemplate: 'string', GenerateStringKey: 'string' },
      },
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Id'],
    replaceOn: ['Name'],
    async create(properties, context) {
      const { Name, Description, Tags = [] } = properties as SecretProperties
      const { secret } = await createSecret(deps, context.scope, {
        name: Name ?? context.physicalName(nameMax),
        description: Description,
        tags: [...context.tags, ...Tags],
        value: valueOf(deps, properties) ?? generated(deps, {}),
        token: undefined,
        madeBy: context.token,
      })
      await context.started(secret.arn)
      return { physicalId: secret.arn, attributes: { Id: secret.arn } }
    },
    async update({ physicalId, before, after }, context) {
      const { scope } = context
      const { Description, Tags = [] } = after as SecretProperties
      await changeSecret(deps, { scope, secretId: physicalId }, (secret) => {
        const { description: _, ...rest } = secret
        const description = Description === undefined ? {} : { description: Description }
        return { ...rest, ...description, tags: [...context.tags, ...Tags] }
      })
      const isSame = ['SecretString', 'GenerateSecretString'].every(
        (name) => JSON.stringify(before[name]) === JSON.stringify(after[name]),
      )
      const value = isSame ? undefined : valueOf(deps, after)
      // A value that was generated for this very update is there already when the update is carried on.
      const token = context.token.padEnd(32, '0')
      if (value) await putOnce(deps, context.scope, { secretId: physicalId, value, token })
      return { physicalId, attributes: { Id: physicalId } }
    },
    async remove({ physicalId }, { scope }) {
      const found = await findSecret(deps, scope, physicalId)
      if (found) await removeSecret(deps, found)
    },
    inventory: {
      identifier: 'Id',
      hidden: ['SecretString', 'GenerateSecretString'],
      async list(scope) {
        const all = (await deps.store.list(secrets, scope)).map(({ value }) => value)
        return all.filter(({ deletion }) => !deletion).map(({ arn }) => arn)
      },
      async describe(physicalId, scope) {
        const secret = (await findSecret(deps, scope, physicalId))?.value
        if (!secret || secret.deletion) return undefined
        const { name, description, tags, arn } = secret
        return { Name: name, Description: description, Tags: tags, Id: arn }
      },
    },
  }
}

async function putOnce(
  deps: SecretsDeps,
  scope: Parameters<typeof putValue>[1],
  given: { readonly secretId: string; readonly value: SecretValue; readonly token: string },
): Promise<void> {
  const secret = await findSecret(deps, scope, given.secretId)
  const isThere = Object.values(secret?.value.stages ?? {}).includes(given.token)
  if (!isThere) await putValue(deps, scope, given)
}

function valueOf(deps: SecretsDeps, properties: Properties): SecretValue | undefined {
  const { SecretString, GenerateSecretString } = properties as SecretProperties
  if (SecretString !== undefined && GenerateSecretString) {
    throw invalidParameter('You cannot specify both SecretString and GenerateSecretString.')
  }
  if (SecretString !== undefined) return { text: SecretString, isBinary: false }
  return GenerateSecretString ? generated(deps, GenerateSecretString) : undefined
}

function generated(
  { random }: SecretsDeps,
  wish: NonNullable<SecretProperties['GenerateSecretString']>,
): SecretValue {
  const { SecretStringTemplate: template, GenerateStringKey: key } = wish
  const password = randomPassword(random, wish)
  if (template === undefined && key === undefined) return { text: password, isBinary: false }
  if (template === undefined || key === undefined) {
    throw invalidParameter(
      'You must specify both SecretStringTemplate and GenerateStringKey, or neither.',
    )
  }
  try {
    const around = JSON.parse(template) as Readonly<Record<string, unknown>>
    return { text: JSON.stringify({ ...around, [key]: password }), isBinary: false }
  } catch {
    throw invalidParameter('SecretStringTemplate is not JSON.')
  }
}
