import { partitionOf, urlSuffixOf, type Scope } from '../../kernel/scope.ts'
import { holds, pending, type Environment, type ResourceValue } from './evaluate.ts'
import { functionProblem, problem } from './template-problem.ts'
import { parameterValue } from './resolve-parameters.ts'
import type { Template } from './template.ts'

/** All that a template's values depend on, besides its resources. */
export interface StackValues {
  readonly scope: Scope
  readonly stackId: string
  readonly stackName: string
  /** The text of each parameter. */
  readonly parameters: Readonly<Record<string, string>>
  /** Names of those whose value only applying a change set tells. */
  readonly pendingParameters?: ReadonlySet<string>
  readonly notificationArns?: readonly string[]
  /** By region, as they were when the operation began. */
  readonly zones: Readonly<Record<string, readonly string[]>>
  /** The value of an export by its name; undefined when there is none. */
  imported(name: string): unknown
}

/** What the functions of a stack may make, in characters: 500 resources with the longest user data take a quarter. */
const charactersMax = 32_000_000
/** What a text costs besides its length: many empty ones take time too. */
const charactersEach = 16

/** The environment of a template's expressions; `resource` gives the values of what was made so far. */
export function stackEnvironment(
  template: Template,
  stack: StackValues,
  resource: (logicalId: string) => ResourceValue | undefined,
): Environment {
  const known = new Map<string, boolean>()
  let spent = 0
  const environment: Environment = {
    spend(characters) {
      spent += characters + charactersEach
      if (spent <= charactersMax) return
      throw functionProblem('the functions of the template make too much text')
    },
    values: valuesOf(template, stack),
    mappings: template.mappings,
    condition(name) {
      const expression = template.conditions.get(name)
      const value = known.get(name) ?? (expression ? holds(expression, environment) : false)
      known.set(name, value)
      return value
    },
    resource,
    zones: (region) => stack.zones[region] ?? [],
    imported(name) {
      const value = stack.imported(name)
      if (value === undefined) throw problem(`No export named ${name} found`)
      return value
    },
  }
  return environment
}

function valuesOf(
  template: Template,
  { scope, stackId, stackName, parameters, pendingParameters, notificationArns = [] }: StackValues,
): Environment['values'] {
  const values = new Map<string, string | readonly string[] | typeof pending>([
    ['AWS::AccountId', scope.account],
    ['AWS::NotificationARNs', notificationArns],
    ['AWS::Partition', partitionOf(scope.region)],
    ['AWS::Region', scope.region],
    ['AWS::StackId', stackId],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffixOf(scope.region)],
  ])
  for (const declaration of template.parameters.values()) {
    const text = parameters[declaration.name]
    if (text === undefined) continue
    const isPending = pendingParameters?.has(declaration.name) === true
    values.set(declaration.name, isPending ? pending : parameterValue(declaration, text))
  }
  return values
}

/** The logical ids whose condition holds. */
export function includedIn(template: Template, environment: Environment): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const resource of template.resources.values()) {
    if (resource.condition === undefined || environment.condition(resource.condition)) {
      ids.add(resource.logicalId)
    }
  }
  return ids
}

/** A resource that is still to be made. */
export const pendingResource: ResourceValue = { ref: pending, attribute: () => pending }
