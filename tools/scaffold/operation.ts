import { camelOf, kebabOf } from './names.ts'
import { insertSorted, ScaffoldError, type ReadTree, type ScaffoldPlan } from './plan.ts'

/** An operation's file, its place in the service and in the service's README. It throws until it is written. */
export function planOperation(
  read: ReadTree,
  { service, operation }: { service: string; operation: string },
): ScaffoldPlan {
  const folder = `src/services/${service}`
  const index = read(`${folder}/index.ts`)
  if (index === undefined) throw new ScaffoldError(`there is no service ${service}: make it first`)
  const members = inputMembersOf(read, service, operation)
  const file = `${folder}/operations/${kebabOf(operation)}.ts`
  if (read(file) !== undefined) throw new ScaffoldError(`${file} is there already`)
  const types = typesOf(index, read, folder)
  return {
    files: new Map([
      [file, operationText({ operation, members, ...types })],
      [`${folder}/index.ts`, registered(index, operation)],
    ]),
    next: [
      `write ${file}: accept the members that it honours; the rest is refused by name`,
      `name ${operation} in ${folder}/README.md, with what it refuses`,
      `test it beside the service, through the operation's own door`,
    ],
  }
}

/** Of a model file, what is needed here; its form is told in src/wire/models/README.md. */
interface ModelText {
  readonly operations: Readonly<Record<string, readonly [number, number]>>
  readonly shapes: readonly (readonly [string, string, unknown, (readonly string[])?])[]
}

/** Shapes are numbered from here; smaller numbers are simple types. */
const firstShape = 1000

function inputMembersOf(read: ReadTree, service: string, operation: string): readonly string[] {
  const text = read(`src/wire/models/${service}.json`)
  if (text === undefined) throw new ScaffoldError(noModel(service))
  const model = JSON.parse(text) as ModelText
  const found = model.operations[operation]
  if (!found) throw new ScaffoldError(`${service} has no operation ${operation}`)
  return model.shapes[found[0] - firstShape]?.[3] ?? []
}

export function noModel(service: string): string {
  return `there is no model ${service}: name its client in tools/model-services.ts, then run node tools/extract-models.ts`
}

interface OperationTypes {
  readonly operationsType: string
  readonly depsType: string
  readonly depsFile: string
}

/** The names that the service gives its types, from the import of its dependencies. */
function typesOf(index: string, read: ReadTree, folder: string): OperationTypes {
  const found = /import type \{([^}]*Deps[^}]*)\} from '\.\/([a-z-]+\.ts)'/.exec(index)
  const depsType = found?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .find((name) => name.endsWith('Deps'))
  const depsFile = found?.[2]
  if (depsType === undefined || depsFile === undefined) {
    throw new ScaffoldError(`${folder}/index.ts does not import its dependencies`)
  }
  const declared = /export type (\w+Operations)\b/.exec(read(`${folder}/${depsFile}`) ?? '')
  const operationsType = declared?.[1] ?? depsType.replace(/Deps$/, 'Operations')
  return { operationsType, depsType, depsFile }
}

function operationText(
  at: OperationTypes & { operation: string; members: readonly string[] },
): string {
  const { operation, members, operationsType, depsType, depsFile } = at
  const known = members.length === 0 ? 'It has no members.' : `Modelled: ${members.join(', ')}.`
  return `import { BrokenInvariant } from '../../../kernel/assert.ts'
import type { Operation } from '../../../wire/service.ts'
import type { ${[depsType, operationsType].toSorted().join(', ')} } from '../${depsFile}'

export const ${camelOf(operation)}: Operation<${operationsType}, '${operation}', ${depsType}> = {
  // ${known}
  accepts: {},
  async handle(_input, _request, _deps) {
    throw new BrokenInvariant('${operation} is not written yet')
  },
}
`
}

function registered(index: string, operation: string): string {
  const importLine = `import { ${camelOf(operation)} } from './operations/${kebabOf(operation)}.ts'`
  const withImport = insertSorted(index, importLine, (line) =>
    /^import \{ \w+ \} from '\.\/operations\//.test(line),
  )
  return insertSorted(withImport, `      ${operation}: ${camelOf(operation)},`, (line) =>
    /^ {6}[A-Z]\w+: \w+,$/.test(line),
  )
}
