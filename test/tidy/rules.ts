import { contractFiles, entryPointRooms, impureRooms, mayImport } from './rooms.ts'
import type { Source } from './source.ts'

/** A rule over one source: the offences it finds, each with its fix. */
export type Rule = (source: Source) => readonly string[]

export const importsFollowTheTable: Rule = (source) => {
  const allowed = mayImport[source.room]
  if (!allowed)
    return [`${source.path}: no such room; add it to test/tidy/rooms.ts and ARCHITECTURE.md`]
  const offences: string[] = []
  for (const target of source.imports) {
    const room = target.split('/')[0] ?? ''
    if (!(room in mayImport) || target.startsWith('node:')) continue
    const fix = `${source.path} imports ${target}`
    const service = /^services\/([^/]+)/.exec(target)?.[1]
    if (source.room === 'testing' && entryPointRooms.includes(room)) {
      offences.push(`${fix}: testing drives entry points as processes only`)
    }
    if (service && service !== source.service) {
      const enters = target === `services/${service}/index.ts`
      if (source.room === 'services') offences.push(`${fix}: a service never imports another one`)
      else if (!enters) offences.push(`${fix}: enter a service by its index.ts`)
    }
    if (room === source.room || allowed.includes('*') || allowed.includes(room)) continue
    if (source.room === 'drivers' && contractFiles.includes(target)) continue
    if (source.isTest && (room === 'testing' || room === 'drivers')) continue
    offences.push(`${fix}: the table of rooms does not allow it`)
  }
  return offences
}

const purePath = /^(kernel\/[^/]+|protocol\/.+|.+\/domain\/.+|(.+\/)?plan[^/]*)\.ts$/

export function isPure(source: Source): boolean {
  return purePath.test(source.path) && !source.isTest
}

export const pureFilesTouchNothing: Rule = (source) => {
  if (!isPure(source)) return []
  return source.imports
    .filter((target) => target.startsWith('node:'))
    .map((target) => `${source.path}: a pure file imports ${target}; take what it needs as a value`)
}

/** A socket's own time-out is a setting of the socket. */
const clockOrChance =
  /\bDate\.now\(|new Date\(\)|Math\.random\(|\brandomUUID\(|(?<!socket\.)\bsetTimeout\(|\bsetInterval\(/

export const clockAndChanceComeThroughContext: Rule = (source) => {
  const exempt =
    impureRooms.includes(source.room) ||
    source.path.startsWith('kernel/system/') ||
    source.room === 'testing' ||
    source.isTest
  if (exempt || !clockOrChance.test(source.text)) return []
  const found = clockOrChance.exec(source.text)?.[0]
  return [`${source.path}: ${found} here; take Clock and Random from the context`]
}

const linesMax = 400
const testLinesMax = 600

export const filesStaySmall: Rule = (source) => {
  const lines = source.text.split('\n').length
  const most = source.isTest ? testLinesMax : linesMax
  return lines > most
    ? [`${source.path}: ${lines} lines, ${most} at most: what is the second noun?`]
    : []
}

const serviceEntries =
  /^services\/[^/]+\/(operations|reconcilers|stack-resources)\/[a-z0-9-]+(\.test)?\.ts$|^services\/[^/]+\/[a-z0-9-]+(\.test)?\.ts$/

export const serviceFoldersHaveOneShape: Rule = (source) => {
  if (source.room !== 'services') return []
  return serviceEntries.test(source.path)
    ? []
    : [
        `${source.path}: a service has index.ts, errors.ts, operations/, reconcilers/, stack-resources/`,
      ]
}

export const errorsAreMadeInOnePlace: Rule = (source) => {
  const exempt =
    ['wire', 'testing'].includes(source.room) || source.isTest || source.path.endsWith('/errors.ts')
  return !exempt && source.text.includes('new AwsError(')
    ? [`${source.path}: make AwsErrors in the service's errors.ts`]
    : []
}

const bannedWords = [
  'manager',
  'helper',
  'helpers',
  'processor',
  'data',
  'info',
  'util',
  'utils',
  'common',
  'misc',
  'types',
]

/** The field's own terms that hold a banned word. */
const fieldTerms = [
  'data-plane',
  'resource-types',
  'describe-instance-types',
  'describe-termination-policy-types',
  'sync-shape-types',
]

export const namesAreNouns: Rule = (source) => {
  const name =
    source.path
      .split('/')
      .at(-1)
      ?.replace(/(\.test)?\.ts$/, '') ?? ''
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
  if (!kebab) return [`${source.path}: file names are kebab-case`]
  let rest = name
  for (const term of fieldTerms) rest = rest.replace(term, '')
  if (source.path.includes('/operations/')) return []
  const banned = rest.split('-').find((word) => bannedWords.includes(word))
  return banned ? [`${source.path}: '${banned}' says nothing; name the noun`] : []
}

const strayMarks: readonly (readonly [RegExp, string])[] = [
  [/\.only\(/, 'a lone test hides the others'],
  [/\bTODO\b(?!\(#\d+\))/, 'a TODO names an issue: TODO(#12)'],
  [
    /(?<![\w.'"`])console\.(log|error|warn|info|debug)\(/,
    'write to the Log, or to standard output through the CLI',
  ],
  [/(oxlint|eslint)-disable(?!.* -- \S)/, 'a disabled rule says why after --'],
]

export const nothingStray: Rule = (source) =>
  strayMarks.filter(([mark]) => mark.test(source.text)).map(([, fix]) => `${source.path}: ${fix}`)
