import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { benchScope, stackBench } from '../testing/stack-bench.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import type { Stacks } from './create-stacks.ts'
import { StackRefusal } from './stack-refusal.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Uses every section and most functions, so that a change anywhere meets a reader. */
const whole: Json = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'whole',
  Metadata: { A: ['b', { C: 1 }] },
  Parameters: {
    Size: { Type: 'Number', Default: 2, MinValue: 1, MaxValue: '9' },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b', Description: 'names' },
    Kind: { Type: 'String', Default: 'x', AllowedValues: ['x', 'y'], AllowedPattern: '[a-z]+' },
  },
  Mappings: { Map: { 'us-east-1': { Key: 'value', List: ['a', 'b'] } } },
  Conditions: {
    Big: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Size' }, '1'] }] },
    Both: { 'Fn::And': [{ Condition: 'Big' }, { 'Fn::Equals': [{ Ref: 'Kind' }, 'x'] }] },
  },
  Rules: { R: { Assertions: [{ Assert: { 'Fn::Contains': [['x'], { Ref: 'Kind' }] } }] } },
  Resources: {
    A: { Type: 'Fake::Thing', DeletionPolicy: 'Retain', Metadata: { M: { Ref: 'Kind' } } },
    B: {
      Type: 'Fake::Thing',
      Condition: 'Both',
      DependsOn: ['A'],
      Properties: {
        Value: { 'Fn::Sub': ['${V}-${A.Arn}-${AWS::Region}', { V: { Ref: 'Size' } }] },
        Count: { 'Fn::If': ['Big', '3', { Ref: 'AWS::NoValue' }] },
        Needs: [{ Ref: 'A' }, { 'Fn::Select': ['0', { 'Fn::Split': [',', 'a,b'] }] }],
        Fixed: {
          'Fn::Join': ['', [{ 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Key'] }, 'x']],
        },
      },
    },
    C: {
      Type: 'Fake::Thing',
      Properties: { Value: { 'Fn::Base64': { 'Fn::GetAtt': ['A', 'Arn'] } } },
    },
    D: { Type: 'Fake::Thing', Properties: { Needs: { 'Fn::Cidr': ['10.0.0.0/16', 2, '8'] } } },
  },
  Outputs: { O: { Value: { Ref: 'A' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-o' } } } },
}

type Path = readonly string[]

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]))
  return [path, ...inner]
}

function replaced(value: Json, [key, ...rest]: Path, by: (old: Json) => Json): Json {
  if (key === undefined) return by(value)
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === key ? replaced(item, rest, by) : item,
    ]),
  )
}

const names = [
  '__proto__',
  'constructor',
  'toString',
  'Ref',
  'Fn::GetAtt',
  'Fn::If',
  'Condition',
  'A',
]

/** Values that a reader may not expect in the place of another. */
const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1e300,
    '',
    '\u0000',
    '\ud800',
    'A',
    '${',
    '${A.B.C}',
    [],
    {},
  ),
  fc.constantFrom(...names).map((name): Json => JSON.parse(`{${JSON.stringify(name)}: {"a": 1}}`)),
  fc.constantFrom(...names).map((name): Json => ({ Ref: name })),
  fc.constantFrom(...names).map((name): Json => ({ 'Fn::GetAtt': [name, name] })),
  fc.constantFrom(...names).map((name): Json => ({ 'Fn::If': [name, { Ref: name }, 1] })),
  fc.constantFrom(...names).map((name): Json => ({ 'Fn::FindInMap': [name, name, name] })),
  fc.constantFrom(...names).map((name): Json => ({ 'Fn::Sub': `\${${name}} \${${name}.${name}}` })),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
)

const changes = fc.array(
  fc.record({
    path: fc.constantFrom(...pathsIn(whole)),
    kind: fc.constantFrom('instead', 'inList', 'inMap', 'renamed'),
    value: strange,
    name: fc.constantFrom(...names),
  }),
  { minLength: 1, maxLength: 3 },
)

const template = changes.map((each) =>
  each.reduce<Json>((result, { path, kind, value, name }) => {
    return replaced(result, path, (old) => {
      if (kind === 'inList') return [old, value]
      if (kind === 'inMap') return { [name]: old }
      if (kind === 'renamed' && typeof old === 'object' && old !== null && !Array.isArray(old)) {
        return JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`) as Json
      }
      return value
    })
  }, whole),
)

/** What the caller is told; undefined when the template is taken. Anything else that is thrown is our bug. */
async function refusalOf(stacks: Stacks, body: string): Promise<string | undefined> {
  const source = { body, endpointHost: 'localhost' }
  const request = { source, parameters: [], tags: [], capabilities: [] }
  try {
    await stacks.operations.check(benchScope, { stackId: 'arn:x', name: 'fuzz' }, request)
    return undefined
  } catch (thrown) {
    if (thrown instanceof TemplateProblem || thrown instanceof StackRefusal) return thrown.message
    throw thrown
  }
}

/** `EVENKEEL_SEEDS=100000` for a long run. */
const numRuns = Number(process.env['EVENKEEL_SEEDS'] ?? 500)

test('a template that is changed anywhere is taken, or refused with words', async () => {
  const { stacks } = await stackBench()
  assert.equal(await refusalOf(stacks, JSON.stringify(whole)), undefined)
  let refused = 0
  await fc.assert(
    fc.asyncProperty(template, async (changed) => {
      const words = await refusalOf(stacks, JSON.stringify(changed))
      if (words === undefined) return
      refused++
      assert.ok(words.length > 10, words)
      assert.doesNotMatch(words, /undefined(?! resource)|\[object|Cannot read/)
    }),
    { numRuns },
  )
  assert.ok(refused > numRuns / 4, `${refused} of ${numRuns} were refused`)
})

test('text that is no template is refused, whatever it is', async () => {
  const { stacks } = await stackBench()
  const pieces = [
    'Resources',
    ':',
    '\n',
    ' ',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a',
    '*a',
    '!Sub',
    '? ',
    '|',
    '"',
    "'",
    '#',
    '<<',
    '---',
    '%',
    '\t',
    ',',
    'Type',
    '!!binary',
    '!<x>',
    '\u2028',
  ]
  const text = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(text, async (each) => {
      assert.ok(await refusalOf(stacks, each.join('')))
    }),
    { numRuns },
  )
})

test('a value of the wrong kind is refused with its path', async () => {
  const { stacks } = await stackBench()
  const structural = pathsIn(whole).filter(
    ([section, ...rest]) =>
      ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'].includes(section ?? '') &&
      rest.length <= 1,
  )
  for (const path of structural) {
    for (const wrong of ['text', 7, ['a']] satisfies Json[]) {
      const words = await refusalOf(
        stacks,
        JSON.stringify(
          replaced(whole, path, () => wrong),
          null,
          1,
        ),
      )
      assert.ok(words !== undefined, `${path.join('/')}: ${JSON.stringify(wrong)} was taken`)
      assert.ok(words.includes(`[/${path.join('/')}`), `${path.join('/')}: ${words}`)
    }
  }
})

function everyText(count: number, of: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => of(index)).join('')
}

/** Each text holds the one in it ten times. */
function laughs(depth: number): Json {
  if (depth === 0) return 'ha'
  return { 'Fn::Sub': ['${V}'.repeat(10), { V: laughs(depth - 1) }] }
}

function loops(depth: number): Json {
  const items = Array.from({ length: 200 }, (_, n) => `a${n}`)
  const inner =
    depth === 1 ? { 'R${X1}${X2}${X3}${X4}': { Type: 'Fake::Thing' } } : loops(depth - 1)
  return { [`Fn::ForEach::L${depth}`]: [`X${depth}`, items, inner] }
}

const found: Json = { 'Fn::FindInMap': ['M', 'a', 'b'] }
const resource = '{"Type":"Fake::Thing"}'
const hostile: Readonly<Record<string, string>> = {
  'many aliases': `Resources: &a {A: {Type: T}}\nMetadata:\n${everyText(8000, () => ' - *a\n')}`,
  'many keys': `Resources:\n${everyText(4500, (n) => `  K${n}: 1\n`)}`,
  'a list of many': `{"Resources":{"A":{"Type":"Fake::Thing","Properties":{"Needs":[${everyText(20_000, () => '1,')}{"Ref":"B"}]}}}}`,
  'deep lists': `{"Resources":{"A":${'['.repeat(25_000)}${']'.repeat(25_000)}}}`,
  'deep functions': `{"Resources":{"A":{"Type":"Fake::Thing","Properties":{"Value":${'{"Fn::Base64":'.repeat(3000)}1${'}'.repeat(3000)}}}}}`,
  'a long circle': JSON.stringify({
    Resources: Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [
        `R${n}`,
        { Type: 'Fake::Thing', DependsOn: `R${(n + 1) % 500}` },
      ]),
    ),
  }),
  'many resources': `{"Resources":{${everyText(1500, (n) => `"R${n}":${resource},`)}"Z":${resource}}}`,
  'many conditions of conditions': JSON.stringify({
    Conditions: Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [
        `C${n}`,
        n === 0
          ? { 'Fn::Equals': [{ Ref: 'None' }, 'a'] }
          : { 'Fn::And': Array.from({ length: 10 }, () => ({ Condition: `C${n - 1}` })) },
      ]),
    ),
    Resources: { A: { Type: 'Fake::Thing', Condition: 'C199' } },
  }),
  'texts in texts': JSON.stringify({
    Resources: { A: { Type: 'Fake::Thing', Properties: { Value: laughs(40) } } },
  }),
  'joined texts': JSON.stringify({
    Mappings: { M: { a: { b: 'x'.repeat(24_000) } } },
    Resources: {
      A: {
        Type: 'Fake::Thing',
        Properties: {
          Value: {
            'Fn::Join': [
              '',
              Array.from({ length: 350 }, () => ({ 'Fn::Sub': ['${V}${V}', { V: found }] })),
            ],
          },
        },
      },
    },
  }),
  'loops in loops': JSON.stringify({
    Transform: 'AWS::LanguageExtensions',
    Resources: loops(4),
  }),
  'long texts in loops': JSON.stringify({
    Transform: 'AWS::LanguageExtensions',
    Resources: {
      'Fn::ForEach::L': [
        'X',
        Array.from({ length: 400 }, (_, n) => `${n}${'x'.repeat(60)}`),
        { 'R${X}': { Type: 'Fake::Thing', Metadata: '${X}'.repeat(4000) } },
      ],
    },
  }),
  commas: `[${','.repeat(50_000)}`,
  brackets: '['.repeat(51_000),
}

/** Ten times what the worst took on an idle machine. */
const longestMilliseconds = 5000

for (const [name, body] of Object.entries(hostile)) {
  test(`hostile text is refused in bounded time: ${name}`, async () => {
    const { stacks } = await stackBench()
    assert.ok(body.length <= 51_200, `${body.length}`)
    const began = process.cpuUsage()
    assert.ok(await refusalOf(stacks, body))
    const { user } = process.cpuUsage(began)
    assert.ok(user / 1000 < longestMilliseconds, `${user / 1000} ms`)
  })
}
