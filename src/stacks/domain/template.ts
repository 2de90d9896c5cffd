import type { Expression } from './expression.ts'
import type { Scalar, SourceNode } from './source-node.ts'

/** A template that was read and checked: the one model, which the evaluator, the graph and the API's summaries read. */
export interface Template {
  readonly description: string | undefined
  /** Of the whole template, as plain JSON. */
  readonly metadata: unknown
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>
  readonly mappings: Mappings
  readonly conditions: ReadonlyMap<string, Expression>
  readonly resources: ReadonlyMap<string, ResourceDeclaration>
  readonly outputs: ReadonlyMap<string, OutputDeclaration>
  readonly rules: readonly RuleDeclaration[]
  /** Names of transforms; only AWS::LanguageExtensions is known. */
  readonly transforms: readonly string[]
  /** What it was read from, so that a problem can name its place. Absent of the empty template. */
  readonly source?: SourceNode
}

/** What the parameters have to satisfy together. */
export interface RuleDeclaration {
  readonly name: string
  readonly condition: Expression | undefined
  readonly assertions: readonly {
    readonly assert: Expression
    readonly description: string | undefined
  }[]
}

export type Mappings = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, MappedValue>>>
export type MappedValue = Scalar | readonly Scalar[]

export interface ParameterDeclaration {
  readonly name: string
  readonly type: string
  readonly default: string | undefined
  readonly allowedValues: readonly string[] | undefined
  readonly allowedPattern: string | undefined
  readonly constraintDescription: string | undefined
  readonly description: string | undefined
  readonly lengthMin: number | undefined
  readonly lengthMax: number | undefined
  readonly valueMin: number | undefined
  readonly valueMax: number | undefined
  readonly noEcho: boolean
}

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate'

export interface ResourceDeclaration {
  readonly logicalId: string
  readonly type: string
  /** A map. */
  readonly properties: Expression
  readonly metadata: Expression | undefined
  readonly dependsOn: readonly string[]
  readonly condition: string | undefined
  readonly deletionPolicy: DeletionPolicy
  /** The template says it: an import wants that. */
  readonly isDeletionPolicyGiven: boolean
  readonly updateReplacePolicy: DeletionPolicy
  readonly creationPolicy: Expression | undefined
  readonly updatePolicy: Expression | undefined
  readonly at: SourceNode
}

/** Every expression of a resource. */
export function expressionsOf(resource: ResourceDeclaration): readonly Expression[] {
  const { properties, metadata, creationPolicy, updatePolicy } = resource
  return [properties, metadata, creationPolicy, updatePolicy].filter((each) => each !== undefined)
}

export interface OutputDeclaration {
  readonly name: string
  readonly value: Expression
  readonly description: string | undefined
  readonly condition: string | undefined
  readonly exportName: Expression | undefined
}

/** AWS's quotas on one template. */
export const templateLimits = {
  resources: 500,
  parameters: 200,
  outputs: 200,
  mappings: 200,
  mappingAttributes: 200,
  descriptionBytes: 1024,
  parameterValueBytes: 4096,
  inlineBytes: 51_200,
  objectBytes: 1_000_000,
} as const

export const pseudoParameters: readonly string[] = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]

/** The template of a stack that has none: one that a change set is still to make, or that goes. */
export const noTemplate: Template = {
  description: undefined,
  metadata: undefined,
  parameters: new Map(),
  mappings: new Map(),
  conditions: new Map(),
  resources: new Map(),
  outputs: new Map(),
  rules: [],
  transforms: [],
}
