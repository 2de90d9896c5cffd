import type { Scalar, SourceNode } from './source-node.ts'

/** A value of a template with its functions understood. `at` is where it was written. */
export type Expression =
  | { readonly kind: 'value'; readonly value: Scalar; readonly at: SourceNode }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly at: SourceNode }
  | {
      readonly kind: 'map'
      readonly entries: ReadonlyMap<string, Expression>
      readonly at: SourceNode
    }
  | { readonly kind: 'ref'; readonly name: string; readonly at: SourceNode }
  | GetAttribute
  | {
      readonly kind: 'sub'
      readonly parts: readonly SubPart[]
      readonly variables: ReadonlyMap<string, Expression>
      readonly at: SourceNode
    }
  | { readonly kind: 'condition'; readonly name: string; readonly at: SourceNode }
  | {
      readonly kind: 'call'
      readonly name: FunctionName
      readonly operands: readonly Expression[]
      readonly at: SourceNode
    }

export interface GetAttribute {
  readonly kind: 'getAtt'
  readonly logicalId: string
  readonly attribute: string
  readonly at: SourceNode
}

export type SubPart =
  | { readonly text: string }
  | { readonly variable: string }
  | { readonly ref: string }
  | { readonly logicalId: string; readonly attribute: string }

/** Functions that are calls of operands; `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Condition` have forms of their own. */
export type FunctionName =
  | 'Fn::Join'
  | 'Fn::Select'
  | 'Fn::Split'
  | 'Fn::FindInMap'
  | 'Fn::Base64'
  | 'Fn::GetAZs'
  | 'Fn::Cidr'
  | 'Fn::If'
  | 'Fn::And'
  | 'Fn::Or'
  | 'Fn::Not'
  | 'Fn::Equals'
  | 'Fn::ImportValue'
  | 'Fn::Length'
  | 'Fn::ToJsonString'
  | 'Fn::Contains'
  | 'Fn::EachMemberEquals'
  | 'Fn::EachMemberIn'

/** What an expression names outside itself. */
export type Reference =
  | { readonly kind: 'ref'; readonly name: string; readonly at: SourceNode }
  | GetAttribute
  | { readonly kind: 'condition'; readonly name: string; readonly at: SourceNode }

/** The expressions directly below one. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items
    case 'map':
      return [...expression.entries.values()]
    case 'sub':
      return [...expression.variables.values()]
    case 'call':
      return expression.operands
    case 'value':
    case 'ref':
    case 'getAtt':
    case 'condition':
      return []
  }
}

/** Every expression in one, itself first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression
  for (const child of childrenOf(expression)) yield* walk(child)
}

/** Every reference in an expression, those of `Fn::Sub` and the condition of `Fn::If` among them. */
export function* referencesOf(expression: Expression): Generator<Reference> {
  for (const inner of walk(expression)) {
    if (inner.kind === 'ref' || inner.kind === 'getAtt' || inner.kind === 'condition') yield inner
    if (inner.kind === 'sub') yield* referencesOfParts(inner.parts, inner.at)
  }
}

function* referencesOfParts(parts: readonly SubPart[], at: SourceNode): Generator<Reference> {
  for (const part of parts) {
    if ('ref' in part) yield { kind: 'ref', name: part.ref, at }
    if ('logicalId' in part) {
      yield { kind: 'getAtt', logicalId: part.logicalId, attribute: part.attribute, at }
    }
  }
}
