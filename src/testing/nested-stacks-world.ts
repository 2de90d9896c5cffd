import { Readable } from 'node:stream'
import {
  cloudformationResourceTypes,
  cloudformationService,
} from '../services/cloudformation/index.ts'
import type { Service } from '../wire/service.ts'
import { stackBench, type StackBench } from './stack-bench.ts'

/** CloudFormation over fakes, whose nested stacks read their templates from a bucket: `templates` by their keys. */
export async function nestedStacksWorld(
  templates: ReadonlyMap<string, string>,
): Promise<{ readonly service: Service; readonly bench: StackBench }> {
  const bench = await stackBench({
    ownTypes: (stacks) => cloudformationResourceTypes({ stacks, insideEndpoint: 'http://inside' }),
    objects: {
      head: async () => undefined,
      async read(_scope, { bucket, key }) {
        const body = templates.get(key)
        if (body === undefined) return undefined
        const view = { bucket, key, size: body.length, etag: '', lastModified: 0 }
        return { view: { ...view, versionId: undefined }, body: Readable.from([Buffer.from(body)]) }
      },
    },
  })
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => false })
  return { service, bench }
}
