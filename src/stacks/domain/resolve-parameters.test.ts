import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../read-source.ts'
import { readTemplate } from './read-template.ts'
import { lookupsOf, resolveParameters, type GivenParameter } from './resolve-parameters.ts'

function resolve(
  declarations: string,
  given: Readonly<Record<string, string>>,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const template = readTemplate(
    readSource(`Parameters:\n${declarations}\nResources: { A: { Type: T } }`),
  )
  const parameters = Object.entries(given).map(([name, value]): GivenParameter => ({
    name,
    value: value === '(previous)' ? undefined : value,
    usePreviousValue: value === '(previous)',
  }))
  return resolveParameters(template, parameters, previous)
}

test('defaults stand in, and previous values are used when asked for', () => {
  const declarations = '  A: { Type: String, Default: a }\n  B: { Type: Number, Default: 3 }'
  assert.deepEqual(resolve(declarations, {}), { A: 'a', B: '3' })
  assert.deepEqual(resolve(declarations, { B: '(previous)' }, { B: '7' }), { A: 'a', B: '7' })
})

const faults: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['  A: { Type: String }\n  B: { Type: String }', {}, 'Parameters: [A, B] must have values'],
  ['  A: { Type: String, Default: x }', { Z: '1' }, 'Parameters: [Z] do not exist in the template'],
  ['  A: { Type: Number }', { A: 'x' }, "Parameter 'A' must be a number"],
  [
    '  A: { Type: Number, MinValue: 3 }',
    { A: '2' },
    "Parameter 'A' must be a number not less than 3",
  ],
  [
    '  A: { Type: Number, MaxValue: 3 }',
    { A: '4' },
    "Parameter 'A' must be a number not greater than 3",
  ],
  [
    '  A: { Type: String, MinLength: 2 }',
    { A: 'x' },
    "Parameter 'A' must contain at least 2 characters",
  ],
  [
    '  A: { Type: String, MaxLength: 2 }',
    { A: 'xyz' },
    "Parameter 'A' must contain at most 2 characters",
  ],
  [
    '  A: { Type: String, AllowedValues: [a, b] }',
    { A: 'c' },
    "Parameter 'A' must be one of AllowedValues [a, b]",
  ],
  [
    '  A: { Type: String, AllowedPattern: "[a-z]+" }',
    { A: 'ab1' },
    "Parameter 'A' must match pattern [a-z]+",
  ],
  [
    '  A: { Type: String, AllowedPattern: "[a-z]+", ConstraintDescription: only letters }',
    { A: '1' },
    "Parameter 'A' failed to satisfy constraint: only letters",
  ],
  ['  A: { Type: "List<Number>" }', { A: '1,x' }, "Parameter 'A' must be a number"],
]

for (const [declarations, given, message] of faults) {
  test(`refused: ${message}`, () => {
    assert.throws(() => resolve(declarations, given), { message })
  })
}

test('values of AWS-specific types are looked up one by one', () => {
  const template = readTemplate(
    readSource(`
Parameters:
  Key: { Type: AWS::EC2::KeyPair::KeyName }
  Subnets: { Type: List<AWS::EC2::Subnet::Id> }
  Word: { Type: String }
Resources: { A: { Type: T } }`),
  )
  const values = { Key: 'k', Subnets: 'subnet-1, subnet-2', Word: 'w' }
  assert.deepEqual(lookupsOf(template, values), [
    { name: 'Key', type: 'AWS::EC2::KeyPair::KeyName', value: 'k' },
    { name: 'Subnets', type: 'AWS::EC2::Subnet::Id', value: 'subnet-1' },
    { name: 'Subnets', type: 'AWS::EC2::Subnet::Id', value: 'subnet-2' },
  ])
})
