import { recordInventory } from '../../../stacks/record-inventory.ts'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import { createAlias, retarget } from '../aliases.ts'
import { aliases, needKey } from '../keys.ts'
import type { KmsDeps } from '../service-deps.ts'

interface AliasProperties {
  readonly AliasName: string
  readonly TargetKeyId: string
}

/** `AWS::KMS::Alias`: `Ref` is its name. */
export function aliasType(deps: KmsDeps): ResourceType {
  return {
    name: 'AWS::KMS::Alias',
    properties: { AliasName: 'string', TargetKeyId: 'string' },
    required: ['AliasName', 'TargetKeyId'],
    attributes: [],
    replaceOn: ['AliasName'],
    async create(properties, context) {
      const { scope } = context
      const { AliasName: name, TargetKeyId: target } = properties as unknown as AliasProperties
      const { keyId } = (await needKey(deps, scope, target)).value
      const known = await deps.store.find(aliases, scope, name)
      // An alias of this very key was made by an earlier attempt: the key is the stack's own, or the alias says the same.
      if (known?.value.keyId !== keyId) await createAlias(deps, scope, { name, target })
      await context.started(name)
      return { physicalId: name, attributes: {} }
    },
    async update({ physicalId, after }, { scope }) {
      const { TargetKeyId: target } = after as unknown as AliasProperties
      await retarget(deps, scope, { name: physicalId, target })
      return { physicalId, attributes: {} }
    },
    async remove({ physicalId }, { scope }) {
      const record = await deps.store.find(aliases, scope, physicalId)
      if (record) await deps.store.remove(record)
    },
    inventory: recordInventory(deps.store, aliases, {
      identifier: 'AliasName',
      describe: ({ id, value }) => ({ AliasName: id, TargetKeyId: value.keyId }),
    }),
  }
}
