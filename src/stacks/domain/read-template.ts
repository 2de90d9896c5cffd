import { checkFunctions, languageExtensions } from './check-functions.ts'
import { checkReferences } from './check-references.ts'
import { expandLoops } from './expand-loops.ts'
import type { Expression } from './expression.ts'
import { readExpression } from './read-expression.ts'
import { readMappings } from './read-mappings.ts'
import { readParameters } from './read-parameters.ts'
import { readResources } from './read-resources.ts'
import { readRules } from './read-rules.ts'
import { checkCount, sectionOf } from './sections.ts'
import { plainOf, textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { formatProblem, located, problem } from './template-problem.ts'
import { templateLimits, type OutputDeclaration, type Template } from './template.ts'

const sections: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Rules',
  'Transform',
  'Conditions',
  'Resources',
  'Outputs',
]

/** Sections of AWS's that are not honoured here. */
const refusedSections: readonly string[] = ['Hooks']

/**
 * Reads a whole template: its shape (loops written out over the values of `parameters`, or their defaults), every function, and that each name it uses exists. Resource types are not looked at: see
 * `checkResourceTypes`. Throws a `TemplateProblem`.
 */
export function readTemplate(
  written: SourceNode,
  parameters: Readonly<Record<string, string>> = {},
): Template {
  if (written.kind !== 'map') throw formatProblem('unsupported structure.')
  checkSections(written)
  const transforms = transformsOf(written)
  const source = transforms.length > 0 ? expandLoops(written, parameters) : written
  try {
    return readSections(source, transforms)
  } catch (thrown) {
    throw located(thrown, source)
  }
}

function readSections(source: SourceMap, transforms: readonly string[]): Template {
  const template: Template = {
    description: descriptionOf(source),
    metadata: metadataOf(source),
    parameters: readParameters(source.entries.get('Parameters')),
    mappings: readMappings(source.entries.get('Mappings')),
    conditions: readConditions(source.entries.get('Conditions')),
    resources: readResources(source.entries.get('Resources')),
    outputs: readOutputs(source.entries.get('Outputs')),
    rules: readRules(source.entries.get('Rules')),
    transforms,
    source,
  }
  checkFunctions(template)
  checkReferences(template)
  return template
}

function checkSections(source: SourceMap): void {
  for (const [name, node] of source.entries) {
    if (refusedSections.includes(name)) {
      throw formatProblem(`the ${name} section is not supported here`, node)
    }
  }
  const unknown = [...source.entries.keys()].filter((name) => !sections.includes(name))
  if (unknown.length > 0)
    throw problem(`Invalid template property or properties [${unknown.join(', ')}]`)
  const version = source.entries.get('AWSTemplateFormatVersion')
  if (version && textOf(version) !== '2010-09-09') {
    throw formatProblem(
      `AWSTemplateFormatVersion '${textOf(version) ?? ''}' is not supported; the only one is 2010-09-09`,
      version,
    )
  }
}

/** Throws a `TemplateProblem` for a transform that is a macro. */
export function transformsOf(source: SourceMap): readonly string[] {
  const node = source.entries.get('Transform')
  if (!node) return []
  return (node.kind === 'list' ? node.items : [node]).map((item) => {
    const name = textOf(item)
    if (name === languageExtensions) return name
    throw formatProblem(`transform ${name ?? 'with parameters'} is not supported here`, item)
  })
}

function descriptionOf(source: SourceMap): string | undefined {
  const node = source.entries.get('Description')
  if (!node) return undefined
  const text = textOf(node)
  if (text === undefined) throw formatProblem('every Description member must be a string.', node)
  if (text.length > templateLimits.descriptionBytes) {
    throw formatProblem(
      `'Description' length is greater than ${templateLimits.descriptionBytes}.`,
      node,
    )
  }
  return text
}

function metadataOf(source: SourceMap): unknown {
  const node = source.entries.get('Metadata')
  return node ? plainOf(node) : undefined
}

function readConditions(node: SourceNode | undefined): ReadonlyMap<string, Expression> {
  const conditions = new Map<string, Expression>()
  for (const [name, value] of sectionOf(node, 'Conditions')) {
    const expression = readExpression(value)
    if (!isConditionExpression(expression)) {
      throw formatProblem(
        `Conditions can only be boolean operations on parameters and other conditions: ${name}`,
        value,
      )
    }
    conditions.set(name, expression)
  }
  return conditions
}

const conditionFunctions: readonly string[] = ['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals']

function isConditionExpression(expression: Expression): boolean {
  if (expression.kind === 'condition') return true
  return expression.kind === 'call' && conditionFunctions.includes(expression.name)
}

const outputMembers: readonly string[] = ['Value', 'Description', 'Condition', 'Export']

function readOutputs(node: SourceNode | undefined): ReadonlyMap<string, OutputDeclaration> {
  const outputs = new Map<string, OutputDeclaration>()
  const entries = sectionOf(node, 'Outputs')
  checkCount('outputs', entries.size, templateLimits.outputs)
  for (const [name, output] of entries) outputs.set(name, readOutput(name, output))
  return outputs
}

function readOutput(name: string, node: SourceNode): OutputDeclaration {
  if (!/^[A-Za-z0-9]+$/.test(name))
    throw formatProblem(`Output name ${name} is non alphanumeric.`, node)
  const value = node.kind === 'map' ? node.entries.get('Value') : undefined
  if (node.kind !== 'map' || !value) {
    throw formatProblem(`[/Outputs/${name}] Every Outputs member must contain a Value object`, node)
  }
  const unknown = [...node.entries.keys()].find((member) => !outputMembers.includes(member))
  if (unknown) throw formatProblem(`Invalid Outputs property '${unknown}' of output ${name}`, node)
  return {
    name,
    value: readExpression(value),
    description: textOf(node.entries.get('Description')),
    condition: textOf(node.entries.get('Condition')),
    exportName: exportNameOf(name, node.entries.get('Export')),
  }
}

function exportNameOf(name: string, node: SourceNode | undefined): Expression | undefined {
  if (!node) return undefined
  const inner =
    node.kind === 'map' && node.entries.size === 1 ? node.entries.get('Name') : undefined
  if (inner) return readExpression(inner)
  throw formatProblem(
    `Output ${name} is malformed. Its Export must have a Name, and nothing else`,
    node,
  )
}
