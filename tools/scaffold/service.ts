import { pascalOf, camelOf, kebabOf } from './names.ts'
import { noModel } from './operation.ts'
import { ScaffoldError, type ReadTree, type ScaffoldPlan } from './plan.ts'

/** A service's folder with one operation, which throws until it is written. Its model must be there. */
export function planService(
  read: ReadTree,
  { service, operation }: { service: string; operation: string },
): ScaffoldPlan {
  const folder = `src/services/${service}`
  if (read(`${folder}/index.ts`) !== undefined)
    throw new ScaffoldError(`${folder} is there already`)
  const model = read(`src/wire/models/${service}.json`)
  if (model === undefined) throw new ScaffoldError(noModel(service))
  const { operations } = JSON.parse(model) as { operations: Readonly<Record<string, unknown>> }
  if (!(operation in operations))
    throw new ScaffoldError(`${service} has no operation ${operation}`)
  const client = clientOf(read, service)
  const name = pascalOf(service)
  return {
    files: new Map([
      [`${folder}/README.md`, readmeText(name, operation)],
      [`${folder}/errors.ts`, errorsText],
      [`${folder}/service-deps.ts`, depsText(name, client)],
      [`${folder}/index.ts`, indexText({ service, name, operation })],
      [`${folder}/operations/${kebabOf(operation)}.ts`, operationText(name, operation)],
    ]),
    next: [
      `give ${name}Deps the engines that it is the face of`,
      `add ${camelOf(service)}Service to src/server/faces.ts`,
      `write the operation, and add others: npm run new -- operation ${service} NAME`,
    ],
  }
}

function clientOf(read: ReadTree, service: string): string {
  const sources = read('tools/model-services.ts') ?? ''
  const found = new RegExp(`\\b'?${service}'?: \\{\\s*client: '([a-z0-9-]+)'`).exec(sources)
  if (!found?.[1]) throw new ScaffoldError(`tools/model-services.ts does not name ${service}`)
  return found[1]
}

const errorsText = `import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(\`The parameter \${path} of \${operation} is not supported here.\`)
}
`

function readmeText(name: string, operation: string): string {
  return `# ${name}

What it is the face of, in a sentence.

**Supported**: ${operation}.

**Refused by name**: every other member and operation.
`
}

function depsText(name: string, client: string): string {
  return `import type { OperationsOf } from '../../wire/service.ts'
import type { EngineContext } from '../../reconcile/engine-context.ts'

export type ${name}Operations = OperationsOf<typeof import('@aws-sdk/client-${client}')>

export interface ${name}Deps {
  readonly context: EngineContext
}
`
}

function indexText(at: { service: string; name: string; operation: string }): string {
  const { service, name, operation } = at
  return `import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { ${camelOf(operation)} } from './operations/${kebabOf(operation)}.ts'
import type { ${name}Deps } from './service-deps.ts'

/** ${name}, on the engines of its dependencies. */
export function ${camelOf(service)}Service(deps: ${name}Deps): Service {
  return serviceOf(deps, {
    id: '${service}',
    refuseMember: unsupportedMember,
    operations: {
      ${operation}: ${camelOf(operation)},
    },
  })
}
`
}

function operationText(name: string, operation: string): string {
  return `import { BrokenInvariant } from '../../../kernel/assert.ts'
import type { Operation } from '../../../wire/service.ts'
import type { ${name}Deps, ${name}Operations } from '../service-deps.ts'

export const ${camelOf(operation)}: Operation<${name}Operations, '${operation}', ${name}Deps> = {
  accepts: {},
  async handle(_input, _request, _deps) {
    throw new BrokenInvariant('${operation} is not written yet')
  },
}
`
}
