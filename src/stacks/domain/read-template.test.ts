import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../read-source.ts'
import { readTemplate } from './read-template.ts'
import type { Template } from './template.ts'

function read(text: string): Template {
  return readTemplate(readSource(text))
}

/** The message that a template is refused with. */
function refusal(text: string): string {
  try {
    read(text)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
  return 'accepted'
}

const one = 'Resources: { A: { Type: T } }'

/** A template with resources in the place of `R`. */
function resources(text: string): string {
  return `Resources:\n${text}`
}

const refusals: Readonly<Record<string, readonly [string, string]>> = {
  'a template that is no object': ['- a', 'Template format error: unsupported structure.'],
  'one without resources': [
    'Description: none',
    'Template format error: At least one Resources member must be defined.',
  ],
  'an unknown section': [
    `${one}\nResourcs: {}`,
    'Invalid template property or properties [Resourcs]',
  ],
  'another format version': [
    `AWSTemplateFormatVersion: 2011-01-01\n${one}`,
    "Template format error: AWSTemplateFormatVersion '2011-01-01' is not supported; the only one is 2010-09-09 (line 1)",
  ],
  Hooks: [
    `${one}\nHooks: {}`,
    'Template format error: the Hooks section is not supported here (line 2)',
  ],
  Transform: [
    `${one}\nTransform: AWS::Serverless-2016-10-31`,
    'Template format error: transform AWS::Serverless-2016-10-31 is not supported here (line 2)',
  ],
  'broken JSON': [
    '{"Resources": {\n "A": }}',
    'Template format error: JSON not well-formed. (line 2, column 9)',
  ],
  'broken YAML': [
    'Resources:\n  A: [1',
    'Template format error: YAML not well-formed. (line 2, column 8): Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  'a logical id with a dash': [
    resources('  my-id: { Type: T }'),
    'Template format error: Resource name my-id is non alphanumeric. [/Resources/my-id] (line 2)',
  ],
  'a resource without a type': [
    resources('  A: { Properties: {} }'),
    'Template format error: [/Resources/A] Every Resources object must contain a Type member. (line 2)',
  ],
  'an unknown member of a resource': [
    resources('  A:\n    Type: T\n    Propertys: {}'),
    "Invalid template resource property 'Propertys' [/Resources/A/Propertys] (line 4)",
  ],
  'a Snapshot policy': [
    resources('  A: { Type: AWS::EC2::VPC, DeletionPolicy: Snapshot }'),
    'Template format error: DeletionPolicy Snapshot of resource A is not supported for AWS::EC2::VPC [/Resources/A/DeletionPolicy] (line 2)',
  ],
  'a Ref to nothing': [
    resources('  A: { Type: T, Properties: { X: !Ref B, Y: !Sub "${C}" } }'),
    'Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template',
  ],
  'DependsOn of nothing': [
    resources('  A: { Type: T, DependsOn: Z }'),
    'Template format error: Unresolved resource dependencies [Z] in the Resources block of the template',
  ],
  'an output of nothing': [
    `${one}\nOutputs: { O: { Value: !Ref B } }`,
    'Template format error: Unresolved resource dependencies [B] in the Outputs block of the template',
  ],
  'GetAtt of nothing': [
    resources('  A: { Type: T, Properties: { X: !GetAtt B.Arn } }'),
    'Template error: instance of Fn::GetAtt references undefined resource B',
  ],
  'a circle': [
    resources(
      '  A: { Type: T, Properties: { X: !Ref B } }\n  B: { Type: T, DependsOn: A }\n  C: { Type: T, DependsOn: A }',
    ),
    'Circular dependency between resources: [A, B]',
  ],
  'a condition that is not there': [
    resources('  A: { Type: T, Condition: Never }'),
    'Template format error: Unresolved condition dependency Never in the Resources block of the template',
  ],
  'a resource in a condition': [
    `${one}\nConditions: { C: !Equals [!Ref A, x] }`,
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  'conditions in a circle': [
    `${one}\nConditions: { C: !Not [!Condition D], D: !Not [!Condition C] }`,
    'Template format error: Circular dependency between conditions: [C, D]',
  ],
  'a mapping that is not there': [
    resources('  A: { Type: T, Properties: { X: !FindInMap [M, a, b] } }'),
    "Template error: Mapping named 'M' is not present in the 'Mappings' section of template.",
  ],
  'Fn::Join without a list': [
    resources('  A:\n    Type: T\n    Properties:\n      X: !Join a'),
    'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined. [/Resources/A/Properties/X] (line 5)',
  ],
  'Fn::GetStackOutput': [
    resources('  A: { Type: T, Properties: { X: { "Fn::GetStackOutput": v } } }'),
    'Template error: Fn::GetStackOutput is not supported here [/Resources/A/Properties/X] (line 2)',
  ],
  'an unknown function': [
    resources('  A: { Type: T, Properties: { X: { "Fn::Magic": 1 } } }'),
    'Template error: Encountered unsupported function: Fn::Magic [/Resources/A/Properties/X] (line 2)',
  ],
  'an unknown tag': [
    resources('  A: { Type: T, Properties: { X: !Magic 1 } }'),
    'Template format error: Encountered unsupported tag: !Magic (line 2)',
  ],
  'a function beside other keys': [
    resources('  A: { Type: T, Properties: { X: { "Fn::Join": ["", []], Y: 1 } } }'),
    'Template error: Fn::Join must be the only key of its object [/Resources/A/Properties/X] (line 2)',
  ],
  'an unknown parameter type': [
    `${one}\nParameters: { P: { Type: Text } }`,
    'Template format error: Unrecognized parameter type: Text [/Parameters/P] (line 2)',
  ],
  'an SSM parameter type': [
    `${one}\nParameters: { P: { Type: "AWS::SSM::Parameter::Value<Colour>" } }`,
    'Template format error: Unrecognized parameter type: AWS::SSM::Parameter::Value<Colour> [/Parameters/P] (line 2)',
  ],
  'an export without a name': [
    `${one}\nOutputs: { O: { Value: x, Export: { Value: n } } }`,
    'Template format error: Output O is malformed. Its Export must have a Name, and nothing else [/Outputs/O/Export] (line 2)',
  ],
  'a merge key': [
    `x: &x { a: 1 }\n${one}\nMetadata:\n  <<: *x`,
    'Template format error: YAML merge keys (<<) are not supported (line 4)',
  ],
  'a zero character': [
    '{"Resources": {"A": {"Type": "T", "Properties": {"X": "\\u0000"}}}}',
    'Template format error: a text holds a zero character or half of a surrogate pair (line 1)',
  ],
  'two keys of one name': [
    resources('  A: { Type: T }\n  A: { Type: T }'),
    'Template format error: YAML not well-formed. (line 3, column 3): Map keys must be unique',
  ],
  'too many resources': [
    resources(Array.from({ length: 501 }, (_, i) => `  R${i}: { Type: T }`).join('\n')),
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  ],
}

for (const [name, [text, message]] of Object.entries(refusals)) {
  test(`refused with its place: ${name}`, () => assert.equal(refusal(text), message))
}

test('aliases that multiply, and depth without end, are refused', () => {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const previous = i === 0 ? 'x' : `*l${i - 1}`
    return `l${i}: &l${i} [${Array.from({ length: 9 }, () => previous).join(', ')}]`
  })
  assert.match(refusal(levels.join('\n')), /holds too many values/)
  assert.match(refusal('['.repeat(20_000)), /^Template format error/)
  assert.match(refusal(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`), /nested too deeply/)
  assert.match(refusal('a: &a [*a]'), /nested too deeply/)
})

test('unquoted scalars stay what was written where YAML would change them', () => {
  const template = read(`
Mappings:
  M:
    k: { account: 012345678901, version: 1.10, ports: 22:22, number: 80, yes: yes, letter: y, date: 2010-09-09 }
Resources: { A: { Type: T } }`)
  const values = template.mappings.get('M')?.get('k')
  assert.deepEqual(Object.fromEntries(values ?? []), {
    account: '012345678901',
    version: '1.10',
    ports: '22:22',
    number: 80,
    yes: true,
    letter: 'y',
    date: '2010-09-09',
  })
})

test('JSON with tabs, and YAML in flow style, read the same', () => {
  const json =
    '{\n\t"Resources": {"A": {"Type": "T", "Properties": {"X": {"Ref": "AWS::Region"}}}}}'
  const yaml = 'Resources: { A: { Type: T, Properties: { X: !Ref AWS::Region } } }'
  const kinds = [json, yaml].map((text) => {
    const properties = read(text).resources.get('A')?.properties
    return properties?.kind === 'map' ? properties.entries.get('X')?.kind : undefined
  })
  assert.deepEqual(kinds, ['ref', 'ref'])
})
