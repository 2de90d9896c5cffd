import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'

type Apply = (scope: Scope, properties: Properties) => Promise<void>

/** A type that makes nothing of its own: it writes into what others made, and takes out again what it wrote. */
export function additionType(
  type: Pick<ResourceType, 'name' | 'properties' | 'required'> & {
    readonly put: Apply
    readonly take: Apply
    readonly replace: (scope: Scope, before: Properties, after: Properties) => Promise<void>
  },
): ResourceType {
  const { name, properties: known, required, put, take, replace } = type
  return {
    ...{ name, properties: known, required },
    attributes: [],
    replaceOn: [],
    // CAPABILITY_IAM is enough: there is no property that names it.
    capability: { nameProperty: '' },
    async create(properties, context) {
      const physicalId = context.physicalName(128)
      await context.started(physicalId)
      await put(context.scope, properties)
      return { physicalId, attributes: {} }
    },
    async update({ physicalId, before, after }, { scope }) {
      await replace(scope, before, after)
      return { physicalId, attributes: {} }
    },
    remove: ({ properties }, { scope }) => take(scope, properties),
  }
}
