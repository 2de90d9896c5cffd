import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSource } from '../read-source.ts'
import { base64Of } from './base64.ts'
import { divideCidr } from './divide-cidr.ts'
import { evaluate, pending } from './evaluate.ts'
import { readTemplate } from './read-template.ts'
import { stackEnvironment } from './stack-environment.ts'

const head = `
Parameters:
  Env: { Type: String, Default: prod }
  Ports: { Type: CommaDelimitedList, Default: "80, 443" }
Mappings:
  Regions:
    us-east-1: { Ami: ami-76f0061f, Zones: [a, b] }
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Equals [80, "80"]]
  Either: !Or [!Condition IsTest, !Condition Both]
`

/** The value of an expression in the setting above, with a made resource `Web` and a pending one `Later`. */
function value(expression: string): unknown {
  const template = readTemplate(
    readSource(`${head}
Resources:
  Web: { Type: T }
  Later: { Type: T }
  It: { Type: T, Properties: { X: ${expression} } }
`),
  )
  const stack = {
    scope: { account: '123456789012', region: 'us-east-1' },
    stackId: 'arn:stack',
    stackName: 'shop',
    parameters: { Env: 'prod', Ports: '80, 443' },
    imported: () => undefined,
    zones: { 'us-east-1': ['us-east-1a', 'us-east-1b'], 'eu-west-1': ['eu-west-1a'] },
  }
  const environment = stackEnvironment(template, stack, (id) =>
    id === 'Web'
      ? { ref: 'i-1', attribute: (name) => ({ Ip: '1.2.3.4', 'Site.Name': 'n' })[name] }
      : { ref: pending, attribute: () => pending },
  )
  const properties = template.resources.get('It')?.properties
  const evaluated = properties ? evaluate(properties, environment) : undefined
  return (evaluated as { X?: unknown }).X
}

const cases: readonly (readonly [string, unknown])[] = [
  ['!Ref Env', 'prod'],
  ['!Ref Ports', ['80', '443']],
  ['!Ref Web', 'i-1'],
  ['!GetAtt Web.Ip', '1.2.3.4'],
  ['!GetAtt Web.Site.Name', 'n'],
  ['!GetAtt [Web, Ip]', '1.2.3.4'],
  ['!Ref AWS::AccountId', '123456789012'],
  ['!Ref AWS::Partition', 'aws'],
  ['!Ref AWS::URLSuffix', 'amazonaws.com'],
  ['!Ref AWS::StackName', 'shop'],
  ['!Ref AWS::NoValue', undefined],
  ['[a, !Ref AWS::NoValue, b]', ['a', 'b']],
  ['{ a: !Ref AWS::NoValue, b: 1 }', { b: 1 }],
  ['!Join [":", [a, !Ref Env, 3]]', 'a:prod:3'],
  ['!Join ["", !Ref Ports]', '80443'],
  ['!Select [1, !Ref Ports]', '443'],
  ['!Select ["0", [x, y]]', 'x'],
  ['!Split [",", "a,b,,c"]', ['a', 'b', '', 'c']],
  ['!Select [2, !Split ["/", "a/b/c"]]', 'c'],
  ['!Sub "${AWS::StackName}-${Web}-${Web.Ip}-${!Literal}-$x"', 'shop-i-1-1.2.3.4-${Literal}-$x'],
  ['!Sub ["${A}${Env}", { A: !Ref Web }]', 'i-1prod'],
  ['!FindInMap [Regions, !Ref AWS::Region, Ami]', 'ami-76f0061f'],
  ['!Select [0, !FindInMap [Regions, us-east-1, Zones]]', 'a'],
  ['{ "Fn::Base64": !Sub "hi ${Env}" }', 'aGkgcHJvZA=='],
  ['!GetAZs ""', ['us-east-1a', 'us-east-1b']],
  ['!GetAZs eu-west-1', ['eu-west-1a']],
  ['!Select [1, !GetAZs { Ref: "AWS::Region" }]', 'us-east-1b'],
  ['!If [IsProd, yes-prod, no-prod]', 'yes-prod'],
  ['!If [IsTest, 1, !If [Either, nested, never]]', 'nested'],
  ['!If [IsTest, a, !Ref AWS::NoValue]', undefined],
  ['!Select [1, !Cidr [10.0.0.0/16, 3, 8]]', '10.0.1.0/24'],
  ['!Ref Later', pending],
  ['!Sub "x-${Later.Arn}"', pending],
  ['!Join ["", [a, !Ref Later]]', pending],
  ['!Select [0, [a, !Ref Later]]', 'a'],
  ['[!Ref Later, b]', [pending, 'b']],
]

for (const [expression, expected] of cases) {
  test(`${expression} is computed`, () => assert.deepEqual(value(expression), expected))
}

const faults: readonly (readonly [string, RegExp])[] = [
  ['!FindInMap [Regions, mars-1, Ami]', /Unable to get mapping for Regions::mars-1::Ami/],
  ['!Select [5, [a]]', /Fn::Select cannot select nonexistent value at index 5/],
  ['!GetAtt Web.Colour', /resource Web does not support attribute type Colour in Fn::GetAtt/],
  ['!Join ["", [[a]]]', /Fn::Join does not resolve to a string/],
  ['!Cidr [10.0.0.0/30, 4, 8]', /has no room for 4 blocks/],
]

for (const [expression, message] of faults) {
  test(`${expression} is refused`, () => assert.throws(() => value(expression), { message }))
}

test('Fn::Base64 is what Buffer makes of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(base64Of(text), Buffer.from(text).toString('base64'))
    }),
  )
})

test('Fn::Cidr gives blocks of equal size, in order, inside the block and apart', () => {
  const octet = fc.nat(255)
  fc.assert(
    fc.property(
      octet,
      octet,
      fc.integer({ min: 8, max: 24 }),
      fc.integer({ min: 1, max: 16 }),
      (a, b, prefix, count) => {
        const bits = 4
        const divided = divideCidr(`${a}.${b}.0.0/${prefix}`, count, bits)
        assert.ok('blocks' in divided)
        const starts = divided.blocks.map((block) => {
          const [address = '', length] = block.split('/')
          assert.equal(length, '28')
          return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
        })
        for (const [index, start] of starts.entries()) {
          assert.equal(start, (starts[0] ?? 0) + index * 16)
        }
        const size = 2 ** (32 - prefix)
        const first = starts[0] ?? 0
        assert.equal(first % size, 0)
        assert.ok((starts.at(-1) ?? 0) + 16 <= first + size)
      },
    ),
  )
})
