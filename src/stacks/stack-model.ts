import type { Scope } from '../kernel/scope.ts'
import { coerceProperties, type CoercedProperties } from './domain/coerce-properties.ts'
import { dependenciesOf } from './domain/dependency-graph.ts'
import { evaluate, pending, type Environment, type ResourceValue } from './domain/evaluate.ts'
import { checkRules } from './domain/read-rules.ts'
import type { TypeShape } from './domain/property-tree.ts'
import { includedIn, pendingResource, stackEnvironment } from './domain/stack-environment.ts'
import { pendingText } from './change-details.ts'
import { creationSignals, type SignalWish } from './domain/signal-policy.ts'
import { functionProblem, problem } from './domain/template-problem.ts'
import type { Template } from './domain/template.ts'
import type { Wanted } from './plan-tasks.ts'
import type { Incarnation, StackOutput, StackRecord, StackTarget } from './stack-records.ts'

/** What of a target its values are computed from. */
export type ModelTarget = Pick<StackTarget, 'parameters' | 'zones' | 'notificationArns'> & {
  /** Names of parameters whose value only applying a change set tells. */
  readonly pendingParameters?: ReadonlySet<string>
}

/** A target with its template understood: what the stack is to be, and how its values are computed. */
export class StackModel {
  readonly template: Template
  readonly included: ReadonlySet<string>
  readonly wanted: Wanted
  readonly #environment: (resource: (logicalId: string) => ResourceValue | undefined) => Environment

  /** Throws a `TemplateProblem` when a condition cannot be computed. */
  constructor(
    template: Template,
    stack: Pick<StackRecord, 'stackId' | 'name'> & { readonly scope: Scope },
    target: ModelTarget,
    imported: (name: string) => unknown,
  ) {
    this.template = template
    this.#environment = (resource) =>
      stackEnvironment(
        template,
        {
          scope: stack.scope,
          stackId: stack.stackId,
          stackName: stack.name,
          parameters: target.parameters,
          ...(target.pendingParameters ? { pendingParameters: target.pendingParameters } : {}),
          zones: target.zones,
          notificationArns: target.notificationArns ?? [],
          imported,
        },
        resource,
      )
    this.included = includedIn(template, this.environment())
    const wanted = [...this.included].map((id): [string, readonly string[]] => {
      const resource = template.resources.get(id)
      const after = resource ? dependenciesOf(template, resource) : []
      return [id, after.filter((other) => this.included.has(other))]
    })
    this.wanted = new Map(wanted)
  }

  /** With the resources that `made` knows; the others of the stack are pending. */
  environment(made: (logicalId: string) => Incarnation | undefined = () => undefined): Environment {
    return this.#environment((logicalId) => {
      if (!this.included.has(logicalId)) return undefined
      const incarnation = made(logicalId)
      return incarnation ? valueOf(incarnation) : pendingResource
    })
  }

  /** Before an update: an attribute that a resource does not have yet may be there after it, as a nested stack's new output. */
  planned(made: (logicalId: string) => Incarnation | undefined): Environment {
    return this.#environment((logicalId) => {
      if (!this.included.has(logicalId)) return undefined
      const incarnation = made(logicalId)
      if (!incarnation) return pendingResource
      const { ref, attribute } = valueOf(incarnation)
      return { ref, attribute: (name) => attribute(name) ?? pending }
    })
  }

  /** A resource's properties, coerced to its type. Throws a `TemplateProblem` when a function has no value. */
  properties(logicalId: string, type: TypeShape, environment: Environment): CoercedProperties {
    const resource = this.template.resources.get(logicalId)
    const value = resource ? evaluate(resource.properties, environment) : undefined
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    return coerceProperties(logicalId, type, isMap ? { ...value } : {})
  }

  /** What a resource's CreationPolicy and UpdatePolicy ask, or why they cannot be honoured. */
  policies(logicalId: string, type: TypeShape, environment: Environment): ResourcePolicies {
    const resource = this.template.resources.get(logicalId)
    const creation = resource?.creationPolicy && evaluate(resource.creationPolicy, environment)
    const signals = creation === undefined ? undefined : creationSignals(logicalId, creation)
    const update = resource?.updatePolicy && evaluate(resource.updatePolicy, environment)
    if (update === undefined) return signals ? { signals } : {}
    const shape = { name: type.name, properties: type.updatePolicy ?? {}, attributes: [] }
    const isMap = typeof update === 'object' && update !== null && !Array.isArray(update)
    const coerced = coerceProperties(
      logicalId,
      { ...shape, required: [] },
      isMap ? { ...update } : {},
    )
    if (!coerced.ok) throw problem(coerced.reason.replace('Properties', 'UpdatePolicy'))
    return { ...(signals ? { signals } : {}), updatePolicy: coerced.properties }
  }

  metadata(logicalId: string, environment: Environment): unknown {
    const metadata = this.template.resources.get(logicalId)?.metadata
    return metadata ? evaluate(metadata, environment) : undefined
  }

  /** Throws a `TemplateProblem` naming the rules that the parameters break. */
  checkRules(): void {
    checkRules(this.template.rules, this.environment())
  }

  /** Those whose condition holds. Throws a `TemplateProblem` for a value that is no text. */
  outputs(environment: Environment): readonly StackOutput[] {
    const outputs: StackOutput[] = []
    for (const output of this.template.outputs.values()) {
      const { name, value, description, condition, exportName } = output
      if (condition !== undefined && !environment.condition(condition)) continue
      const computed = evaluate(value, environment)
      if (computed === undefined) continue
      outputs.push({
        name,
        value: outputText(name, computed),
        ...(description === undefined ? {} : { description }),
        ...(exportName ? { exportName: exportText(name, evaluate(exportName, environment)) } : {}),
      })
    }
    return outputs
  }
}

export interface ResourcePolicies {
  readonly signals?: SignalWish
  readonly updatePolicy?: Readonly<Record<string, unknown>>
}

function valueOf(incarnation: Incarnation): ResourceValue {
  return {
    ref: incarnation.ref ?? incarnation.physicalId,
    attribute: (name) => incarnation.attributes?.[name],
  }
}

function outputText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'symbol') return pendingText
  throw functionProblem(
    `The Value field of every Outputs member must evaluate to a String: ${name}`,
  )
}

function exportText(output: string, name: unknown): string {
  if (typeof name === 'symbol') return pendingText
  if (typeof name === 'string' && /^[A-Za-z0-9:-]+$/.test(name)) return name
  throw functionProblem(
    `Output ${output} is malformed. The Name field of every Export member must be specified and consist only of alphanumeric characters, colons, or hyphens`,
  )
}
