import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../read-source.ts'
import { evaluate } from './evaluate.ts'
import { checkRules } from './read-rules.ts'
import { readTemplate } from './read-template.ts'
import { stackEnvironment, type StackValues } from './stack-environment.ts'
import type { Template } from './template.ts'

function read(text: string, parameters: Readonly<Record<string, string>> = {}): Template {
  return readTemplate(readSource(text), parameters)
}

function valuesWith(parameters: Readonly<Record<string, string>>): StackValues {
  return {
    scope: { account: '000000000000', region: 'us-east-1' },
    stackId: 'arn:stack',
    stackName: 'stack',
    parameters,
    zones: {},
    imported: (name) => (name === 'net-Subnet' ? 'subnet-1' : undefined),
  }
}

/** The value of the output `V`. */
function outputOf(text: string, parameters: Readonly<Record<string, string>> = {}): unknown {
  const template = read(text, parameters)
  const environment = stackEnvironment(template, valuesWith(parameters), () => undefined)
  const output = template.outputs.get('V')
  assert.ok(output)
  return evaluate(output.value, environment)
}

const extended = 'Transform: AWS::LanguageExtensions\n'
const thing = 'Resources: { A: { Type: "Fake::Thing" } }\n'

test('a loop writes out resources, over a list and over the value of a parameter', () => {
  const text = `${extended}
Parameters: { Names: { Type: CommaDelimitedList, Default: 'a,b' } }
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue\${Name}:
        Type: Fake::Thing
        Properties: { Value: !Sub '\${Name}-\${AWS::Region}', Other: !Ref Name }
  Fn::ForEach::Hosts:
    - Host
    - [10.0.0.1]
    - 'Host&{Host}': { Type: Fake::Thing, Properties: { Value: !Ref Host } }
`
  assert.deepEqual([...read(text).resources.keys()], ['Queuea', 'Queueb', 'Host10001'])
  const { resources } = read(text, { Names: 'x, y,z' })
  assert.deepEqual([...resources.keys()], ['Queuex', 'Queuey', 'Queuez', 'Host10001'])
  const template = read(text)
  const environment = stackEnvironment(template, valuesWith({}), () => undefined)
  const first = template.resources.get('Queuea')
  assert.deepEqual(first && evaluate(first.properties, environment), {
    Value: 'a-us-east-1',
    Other: 'a',
  })
})

test('loops within loops, and what they may not do', () => {
  const nested = `${extended}
Resources:
  Fn::ForEach::Outer:
    - A
    - [x, y]
    - Fn::ForEach::Inner:
        - B
        - ['1', '2']
        - T\${A}\${B}: { Type: Fake::Thing }
`
  assert.deepEqual([...read(nested).resources.keys()], ['Tx1', 'Tx2', 'Ty1', 'Ty2'])
  const twice = `${extended}Resources: { 'Fn::ForEach::L': [N, [a, b], { T: { Type: X } }] }`
  assert.throws(() => read(twice), /a loop makes T twice/)
  const without = "Resources: { 'Fn::ForEach::L': [N, [a], { 'T${N}': { Type: X } }] }"
  assert.throws(() => read(without), /Resource name Fn::ForEach::L is non alphanumeric/)
  const unknown = `${extended}Resources: { 'Fn::ForEach::L': [N, !Ref P, { 'T\${N}': { Type: X } }] }`
  assert.throws(() => read(unknown), /the collection of a Fn::ForEach must be/)
  const endless = `${extended}Resources:\n${'  '.repeat(1)}Fn::ForEach::L: [N, [${Array.from({ length: 9 }, (_, i) => i).join(', ')}], { 'T\${N}': { Type: X } }]`
  assert.equal(read(endless).resources.size, 9)
})

test('length, JSON text and a default in a map need their transform', () => {
  const length = `${thing}Outputs: { V: { Value: !Length [1, 2, 3] } }`
  assert.equal(outputOf(extended + length), 3)
  assert.throws(() => read(length), /Fn::Length needs the transform AWS::LanguageExtensions/)
  const json = `${thing}Outputs: { V: { Value: !ToJsonString { a: !Ref AWS::Region, b: [1] } } }`
  assert.equal(outputOf(extended + json), '{"a":"us-east-1","b":[1]}')
  const map = `${thing}Mappings: { M: { k: { v: there } }, N: { k: { v: 1 } } }
Outputs: { V: { Value: !FindInMap [M, no, v, { DefaultValue: none }] } }`
  assert.equal(outputOf(extended + map), 'none')
  assert.throws(() => read(map), /DefaultValue of Fn::FindInMap needs the transform/)
  assert.throws(() => read('Transform: AWS::Serverless-2016-10-31\n' + thing), /not supported here/)
})

test('an import has its value, and one that is not there is named', () => {
  const text = (name: string): string =>
    `${thing}Outputs: { V: { Value: !ImportValue { "Fn::Sub": "${name}" } } }`
  assert.equal(outputOf(text('net-Subnet')), 'subnet-1')
  assert.throws(() => outputOf(text('none')), /No export named none found/)
})

test('the name of an export may not depend on a resource', () => {
  const text = `${thing}Outputs: { V: { Value: x, Export: { Name: !Ref A } } }`
  assert.throws(() => read(text), /may not depend on a resource/)
})

const rules = `
Parameters: { Env: { Type: String }, Size: { Type: String } }
Rules:
  Sizes:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - Assert: { "Fn::Contains": [[large, huge], !Ref Size] }
        AssertDescription: production is large
  Bootstrap:
    Assertions:
      - Assert: !Not [{ "Fn::EachMemberIn": [[!Ref Size], [tiny, small]] }]
${thing}`

test('rules hold the parameters together, and the broken ones are named', () => {
  const check = (Env: string, Size: string): void => {
    const parameters = { Env, Size }
    const template = read(rules, parameters)
    const environment = stackEnvironment(template, valuesWith(parameters), () => undefined)
    checkRules(template.rules, environment)
  }
  check('prod', 'huge')
  check('dev', 'medium')
  assert.throws(() => check('prod', 'medium'), /Rule Sizes: production is large/)
  assert.throws(() => check('prod', 'tiny'), /Rule Sizes: .*; Rule Bootstrap: an assertion/)
})

test('functions of rules are refused elsewhere, and rules see parameters alone', () => {
  const outside = `${thing}Outputs: { V: { Value: { "Fn::Contains": [[a], a] } } }`
  assert.throws(() => read(outside), /Fn::Contains may only be used in Rules/)
  const resource = `${thing}Rules: { R: { Assertions: [{ Assert: !Equals [!Ref A, a] }] } }`
  assert.throws(() => read(resource), /rule R may only refer to parameters/)
})
