import type { Properties, ResourceContext, ResourceType } from '../../../stacks/resource-type.ts'
import { secureInTemplate } from '../errors.ts'
import { parameters, putParameter, type NewValue } from '../parameters.ts'
import { removeParameter } from '../parameters.ts'
import type { SsmDeps } from '../service-deps.ts'

interface ParameterProperties {
  readonly Name?: string
  readonly Type: string
  readonly Value: string
  readonly Description?: string
  readonly AllowedPattern?: string
}

/** `AWS::SSM::Parameter`. */
export function parameterType(deps: SsmDeps): ResourceType {
  return {
    name: 'AWS::SSM::Parameter',
    properties: {
      Name: 'string',
      Type: 'string',
      Value: 'string',
      Description: 'string',
      AllowedPattern: 'string',
    },
    required: ['Type', 'Value'],
    attributes: ['Type', 'Value'],
    replaceOn: ['Name', 'Type'],
    async create(properties, context) {
      const value = valueOf(properties, context)
      // As on AWS: a template would show the secret.
      if (value.type === 'SecureString') throw secureInTemplate()
      await putParameter(deps, context.scope, { ...value, madeBy: context.token })
      await context.started(value.name)
      return stateOf(value)
    },
    async update({ physicalId, after }, context) {
      const value = { ...valueOf(after, context), name: physicalId, overwrite: true }
      await putParameter(deps, context.scope, value)
      return stateOf(value)
    },
    async read({ physicalId }, { scope }) {
      const found = await deps.store.find(parameters, scope, physicalId)
      if (!found) return undefined
      const { type, value, description } = found.value
      return { Name: physicalId, Type: type, Value: value, Description: description }
    },
    async remove({ physicalId }, { scope }) {
      await removeParameter(deps, scope, physicalId)
    },
    inventory: {
      identifier: 'Name',
      async list(scope) {
        const all = await deps.store.list(parameters, scope)
        return all.filter(({ value }) => value.type !== 'SecureString').map(({ id }) => id)
      },
      async describe(physicalId, scope) {
        const found = await deps.store.find(parameters, scope, physicalId)
        // As on AWS, secure ones are none of this type.
        if (!found || found.value.type === 'SecureString') return undefined
        const { type, value, description, allowedPattern } = found.value
        const about = { Description: description, AllowedPattern: allowedPattern }
        return { Name: physicalId, Type: type, Value: value, ...about }
      },
    },
  }
}

function valueOf(properties: Properties, context: ResourceContext): NewValue {
  const given = properties as Partial<ParameterProperties>
  return {
    name: given.Name ?? `CFN-${context.physicalName(240)}`,
    value: given.Value ?? '',
    type: given.Type,
    description: given.Description,
    allowedPattern: given.AllowedPattern,
    overwrite: false,
    by: `arn:aws:iam::${context.scope.account}:root`,
  }
}

function stateOf({ name, type, value }: NewValue) {
  return { physicalId: name, attributes: { Type: type, Value: value } }
}
