import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { mayImport } from './tidy/rooms.ts'
import * as rules from './tidy/rules.ts'
import { filesUnder, readSources, root, sourceOf } from './tidy/source.ts'

const sources = readSources()

/** Holds every source to a rule, and the rule to a bad example: a rule that cannot fail guards nothing. */
function holds(name: string, rule: rules.Rule, bad: { path: string; text: string }): void {
  test(name, () => {
    assert.ok(sources.length > 50, 'the rule must see files')
    assert.notDeepEqual(
      rule(sourceOf(bad.path, bad.text)),
      [],
      'the rule must refuse its bad example',
    )
    assert.deepEqual(sources.flatMap(rule), [])
  })
}

holds('every import follows the table of rooms', rules.importsFollowTheTable, {
  path: 'kernel/bad.ts',
  text: "import { x } from '../store/records.ts'\n",
})
holds('a service never imports another', rules.importsFollowTheTable, {
  path: 'services/ec2/bad.ts',
  text: "import { x } from '../s3/index.ts'\n",
})
holds('pure files import nothing of Node', rules.pureFilesTouchNothing, {
  path: 'scale/plan-bad.ts',
  text: "import { readFileSync } from 'node:fs'\n",
})
holds('clock and chance come through context', rules.clockAndChanceComeThroughContext, {
  path: 'scale/bad.ts',
  text: 'const now = Date.now()\n',
})
holds('files stay small', rules.filesStaySmall, { path: 'scale/bad.ts', text: '\n'.repeat(500) })
holds('service folders have one shape', rules.serviceFoldersHaveOneShape, {
  path: 'services/Bad.ts',
  text: '',
})
holds('AWS errors are made in errors.ts', rules.errorsAreMadeInOnePlace, {
  path: 'services/ec2/bad.ts',
  text: "throw new AwsError('X', 'y')\n",
})
holds('file names are nouns in kebab-case', rules.namesAreNouns, {
  path: 'scale/group-helper.ts',
  text: '',
})
holds('nothing stray is left', rules.nothingStray, {
  path: 'scale/bad.ts',
  text: '// TODO later\n',
})

test('pure files are seen', () => {
  assert.ok(sources.filter(rules.isPure).length > 10)
})

test('every room opens with words about itself', () => {
  const rooms = readdirSync(join(root, 'src')).filter((entry) =>
    statSync(join(root, 'src', entry)).isDirectory(),
  )
  assert.ok(rooms.length > 10)
  for (const room of rooms) {
    assert.ok(room in mayImport, `src/${room}: add it to the table in test/tidy/rooms.ts`)
    assert.ok(existsSync(join(root, 'src', room, 'README.md')), `src/${room}/README.md is missing`)
  }
})

test('every service names its operations in its README', () => {
  const operations = sources.filter(
    (source) => /^services\/[^/]+\/operations\/[^/]+\.ts$/.test(source.path) && !source.isTest,
  )
  assert.ok(operations.length > 20)
  const missing = operations.flatMap((source) => {
    const file = join(root, 'src/services', source.service ?? '', 'README.md')
    const readme = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const name = (source.path.split('/').at(-1) ?? '').replace('.ts', '').replaceAll('-', '')
    return readme.toLowerCase().includes(name)
      ? []
      : [`${file} does not name the operation of ${source.path}`]
  })
  assert.deepEqual(missing, [])
})

test('every operation file is named after an operation of its model', () => {
  const offences = sources
    .filter(
      (source) => /^services\/[^/]+\/operations\/[^/]+\.ts$/.test(source.path) && !source.isTest,
    )
    .filter((source) => {
      const model = JSON.parse(
        readFileSync(join(root, `src/wire/models/${source.service}.json`), 'utf8'),
      )
      const name = (source.path.split('/').at(-1) ?? '').replace('.ts', '').replaceAll('-', '')
      return !Object.keys(model.operations).some((operation) => operation.toLowerCase() === name)
    })
    .map((source) => `${source.path}: no operation of that name in the model`)
  assert.deepEqual(offences, [])
})

test('every runtime dependency has a decision record', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const records = readdirSync(join(root, 'docs/decisions'))
    .map((file) => readFileSync(join(root, 'docs/decisions', file), 'utf8'))
    .join('\n')
  const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  assert.ok(names.length > 3)
  assert.deepEqual(
    names.filter((name) => !records.includes(name)),
    [],
  )
})

test('relative links in Markdown lead somewhere', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
    .concat(filesUnder('docs').map((path) => `docs/${path}`))
    .concat(filesUnder('src').map((path) => `src/${path}`))
    .filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
  assert.ok(documents.length > 10)
  const broken = documents.flatMap((path) =>
    [
      ...readFileSync(join(root, path), 'utf8').matchAll(
        /\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g,
      ),
    ]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  )
  assert.deepEqual(broken, [])
})
