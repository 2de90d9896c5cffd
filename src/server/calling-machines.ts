import { tagsByKey } from '../kernel/tags.ts'
import type { MetadataSource } from '../compute/metadata.ts'
import type { MachineSource } from '../wire/authenticate.ts'

/** Instances as callers of the endpoint, by their identity documents. */
export function callingMachines(metadata: MetadataSource): MachineSource {
  return {
    async identify(document, signature) {
      const record = await metadata.identify(document, signature)
      if (!record) return undefined
      const { instanceId, tags } = record.value
      return { scope: record.scope, machine: { instanceId, tags: tagsByKey(tags) } }
    },
  }
}
