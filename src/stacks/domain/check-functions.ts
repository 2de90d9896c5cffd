import { walk, type Expression, type FunctionName } from './expression.ts'
import { functionProblem } from './template-problem.ts'
import { expressionsOf, type Template } from './template.ts'

const ruleFunctions: readonly FunctionName[] = [
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
]

const extensions: readonly FunctionName[] = ['Fn::Length', 'Fn::ToJsonString']

/** The transform that brings functions to a template, and changes nothing else. */
export const languageExtensions = 'AWS::LanguageExtensions'

/** That functions stand where they may: those of rules in rules, and those of the language extensions with their transform. */
export function checkFunctions(template: Template): void {
  const isExtended = template.transforms.includes(languageExtensions)
  for (const expression of expressionsOutsideRules(template)) {
    for (const inner of walk(expression)) {
      if (inner.kind !== 'call') continue
      if (ruleFunctions.includes(inner.name)) {
        throw functionProblem(`${inner.name} may only be used in Rules`, inner.at)
      }
      const hasDefault = inner.name === 'Fn::FindInMap' && inner.operands.length === 4
      if (isExtended || !(hasDefault || extensions.includes(inner.name))) continue
      throw functionProblem(
        hasDefault
          ? `DefaultValue of Fn::FindInMap needs the transform ${languageExtensions}`
          : `${inner.name} needs the transform ${languageExtensions}`,
        inner.at,
      )
    }
  }
}

function* expressionsOutsideRules(template: Template): Generator<Expression> {
  yield* template.conditions.values()
  for (const resource of template.resources.values()) yield* expressionsOf(resource)
  for (const { value, exportName } of template.outputs.values()) {
    yield value
    if (exportName) yield exportName
  }
}
