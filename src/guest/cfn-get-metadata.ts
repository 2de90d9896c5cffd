import { machineContext, ToolFailure } from './machine-context.ts'
import { stackClient } from './stack-client.ts'
import { toolOptions } from './tool-options.ts'

/** Prints a resource's metadata, or what is at a key of it: `cfn-get-metadata -s STACK -r RESOURCE [-k a.b]`. */
export async function cfnGetMetadata(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const options = toolOptions(words, { key: { type: 'string', short: 'k' } })
  const stack = options.value('stack')
  const resource = options.value('resource')
  if (stack === undefined || resource === undefined) {
    throw new ToolFailure('cfn-get-metadata needs --stack and --resource')
  }
  const url = options.value('url')
  const machine = machineContext(environment, { logFile: '/var/log/cfn-init.log', url })
  const { metadata } = await stackClient(machine, options).describe(stack, resource)
  const key = options.value('key')
  const found = key === undefined ? metadata : valueAt(metadata, key)
  if (found === undefined) throw new ToolFailure(`there is nothing at ${key}`)
  const text = typeof found === 'string' ? found : JSON.stringify(found, null, 4)
  process.stdout.write(`${text}\n`)
  return 0
}

/** `a.b` within maps; names with dots of their own do not exist in templates' metadata that is asked for so. */
export function valueAt(value: unknown, path: string): unknown {
  let at: unknown = value
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}
