import { conditionCycles, orderOf } from './dependency-graph.ts'
import { referencesOf, walk, type Expression } from './expression.ts'
import { formatProblem, functionProblem } from './template-problem.ts'
import { expressionsOf, pseudoParameters, type Template } from './template.ts'

/** That every name a template uses exists where it may be used, and that nothing waits for itself. Throws a `TemplateProblem`. */
export function checkReferences(template: Template): void {
  checkConditions(template)
  checkResources(template)
  checkOutputs(template)
  checkRuleReferences(template)
  orderOf(template)
}

function checkConditions(template: Template): void {
  for (const expression of template.conditions.values()) {
    for (const reference of referencesOf(expression)) {
      const name = reference.kind === 'getAtt' ? reference.logicalId : reference.name
      if (reference.kind === 'condition') needCondition(template, name, 'Conditions')
      else if (reference.kind === 'getAtt' || !isValue(template, name)) {
        throw formatProblem(
          `Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
        )
      }
    }
    checkMaps(template, expression)
  }
  const cycle = conditionCycles(template)
  if (cycle) throw formatProblem(`Circular dependency between conditions: [${cycle.join(', ')}]`)
}

function checkResources(template: Template): void {
  const unresolved = new Set<string>()
  for (const resource of template.resources.values()) {
    for (const id of resource.dependsOn) if (!template.resources.has(id)) unresolved.add(id)
    if (resource.condition !== undefined) needCondition(template, resource.condition, 'Resources')
    for (const expression of expressionsOf(resource)) {
      checkUse(template, expression, unresolved, 'Resources')
    }
  }
  refuseUnresolved(unresolved, 'Resources')
}

function checkOutputs(template: Template): void {
  const unresolved = new Set<string>()
  for (const output of template.outputs.values()) {
    if (output.condition !== undefined) needCondition(template, output.condition, 'Outputs')
    checkUse(template, output.value, unresolved, 'Outputs')
    if (output.exportName) checkExportName(template, output.name, output.exportName)
  }
  refuseUnresolved(unresolved, 'Outputs')
}

/** AWS wants export names and rules to be known before anything is made. */
function checkExportName(template: Template, output: string, expression: Expression): void {
  for (const reference of referencesOf(expression)) {
    if (reference.kind === 'ref' && isValue(template, reference.name)) continue
    if (reference.kind === 'condition') needCondition(template, reference.name, 'Outputs')
    else {
      throw functionProblem(
        `Output ${output} is malformed. The Name of an Export may not depend on a resource`,
        reference.at,
      )
    }
  }
}

function checkRuleReferences(template: Template): void {
  for (const { name, condition, assertions } of template.rules) {
    for (const expression of [condition, ...assertions.map(({ assert }) => assert)]) {
      for (const reference of expression ? referencesOf(expression) : []) {
        if (reference.kind === 'ref' && isValue(template, reference.name)) continue
        throw formatProblem(`rule ${name} may only refer to parameters`, reference.at)
      }
    }
  }
}

function refuseUnresolved(unresolved: ReadonlySet<string>, block: string): void {
  if (unresolved.size === 0) return
  const names = [...unresolved].join(', ')
  throw formatProblem(
    `Unresolved resource dependencies [${names}] in the ${block} block of the template`,
  )
}

function checkUse(
  template: Template,
  expression: Expression,
  unresolved: Set<string>,
  block: string,
): void {
  for (const reference of referencesOf(expression)) {
    if (reference.kind === 'condition') needCondition(template, reference.name, block)
    if (reference.kind === 'getAtt' && !template.resources.has(reference.logicalId)) {
      throw functionProblem(
        `instance of Fn::GetAtt references undefined resource ${reference.logicalId}`,
      )
    }
    if (reference.kind === 'ref' && !isKnown(template, reference.name)) {
      unresolved.add(reference.name)
    }
  }
  checkMaps(template, expression)
}

/** A map that is named outright must be there; one named by a function is looked for when it is used. */
function checkMaps(template: Template, expression: Expression): void {
  for (const inner of walk(expression)) {
    if (inner.kind !== 'call' || inner.name !== 'Fn::FindInMap') continue
    const [map] = inner.operands
    if (inner.operands.length === 4) continue
    if (map?.kind === 'value' && !template.mappings.has(String(map.value))) {
      throw functionProblem(
        `Mapping named '${String(map.value)}' is not present in the 'Mappings' section of template.`,
      )
    }
  }
}

function needCondition(template: Template, name: string, block: string): void {
  if (template.conditions.has(name)) return
  throw formatProblem(
    `Unresolved condition dependency ${name} in the ${block} block of the template`,
  )
}

function isValue(template: Template, name: string): boolean {
  return template.parameters.has(name) || pseudoParameters.includes(name)
}

function isKnown(template: Template, name: string): boolean {
  return isValue(template, name) || template.resources.has(name)
}
