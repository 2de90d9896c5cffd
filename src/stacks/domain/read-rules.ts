import { holds, type Environment } from './evaluate.ts'
import { readExpression } from './read-expression.ts'
import { sectionOf } from './sections.ts'
import { textOf, type SourceMap, type SourceNode } from './source-node.ts'
import { formatProblem, problem } from './template-problem.ts'
import type { RuleDeclaration } from './template.ts'

/** The Rules section. Throws a `TemplateProblem`. */
export function readRules(node: SourceNode | undefined): readonly RuleDeclaration[] {
  return [...sectionOf(node, 'Rules')].map(([name, rule]) => readRule(name, rule))
}

function readRule(name: string, node: SourceNode): RuleDeclaration {
  const { entries } = mapOf(node, name)
  const unknown = [...entries.keys()].find((key) => key !== 'RuleCondition' && key !== 'Assertions')
  if (unknown) throw formatProblem(`Invalid property '${unknown}' of rule ${name}`, node)
  const condition = entries.get('RuleCondition')
  const assertions = entries.get('Assertions')
  if (assertions?.kind !== 'list' || assertions.items.length === 0) {
    throw formatProblem(`[/Rules/${name}] Every rule must contain a list of Assertions`, node)
  }
  return {
    name,
    condition: condition ? readExpression(condition) : undefined,
    assertions: assertions.items.map((item) => {
      const assertion = mapOf(item, name)
      const assert = assertion.entries.get('Assert')
      if (!assert) throw formatProblem(`[/Rules/${name}] An assertion needs Assert`, item)
      return {
        assert: readExpression(assert),
        description: textOf(assertion.entries.get('AssertDescription')),
      }
    }),
  }
}

function mapOf(node: SourceNode, name: string): SourceMap {
  if (node.kind === 'map') return node
  throw formatProblem(`[/Rules/${name}] must be an object.`, node)
}

/** That the parameters satisfy every rule whose condition holds. Throws a `TemplateProblem` naming those they do not. */
export function checkRules(rules: readonly RuleDeclaration[], environment: Environment): void {
  const broken = rules.flatMap(({ name, condition, assertions }) => {
    if (condition && !holds(condition, environment)) return []
    return assertions
      .filter(({ assert }) => !holds(assert, environment))
      .map(({ description }) => `Rule ${name}: ${description ?? 'an assertion does not hold'}`)
  })
  if (broken.length > 0) throw problem(`Template validation error: ${broken.join('; ')}`)
}
