import { labelLimitExceeded, parameterVersionNotFound } from './errors.ts'
import type { Parameter, ParameterVersion } from './parameters.ts'

/** Of one version. */
const labelsMax = 10
const label = /^(?!aws|ssm)[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}$/i

export interface Labelled {
  readonly parameter: Parameter
  readonly version: number
  readonly invalid: readonly string[]
}

/** Puts labels on a version, taking them from where they were; those that are none are told of and left. Throws SSM's errors. */
export function withLabels(
  parameter: Parameter,
  version: number | undefined,
  labels: readonly string[],
): Labelled {
  const target = version ?? parameter.version
  const valid = labels.filter((each) => label.test(each))
  const invalid = labels.filter((each) => !label.test(each))
  const labelled = eachVersion(parameter, target, (known, isTarget) => [
    ...known.filter((each) => !valid.includes(each)),
    ...(isTarget ? new Set(valid) : []),
  ])
  return { parameter: labelled, version: target, invalid }
}

/** Takes labels from a version; those that it has not are told of. Throws SSM's errors. */
export function withoutLabels(
  parameter: Parameter,
  version: number,
  labels: readonly string[],
): Labelled & { readonly removed: readonly string[] } {
  const removed: string[] = []
  const left = eachVersion(parameter, version, (known, isTarget) => {
    if (isTarget) removed.push(...known.filter((each) => labels.includes(each)))
    return isTarget ? known.filter((each) => !labels.includes(each)) : known
  })
  const invalid = labels.filter((each) => !removed.includes(each))
  return { parameter: left, version, removed, invalid }
}

function eachVersion(
  parameter: Parameter,
  target: number,
  change: (labels: readonly string[], isTarget: boolean) => readonly string[],
): Parameter {
  const { earlier, name } = parameter
  if (![parameter, ...earlier].some(({ version }) => version === target)) {
    throw parameterVersionNotFound(`${name}:${target}`)
  }
  const changed = <T extends ParameterVersion>(at: T): T => {
    const labels = change(at.labels ?? [], at.version === target)
    if (labels.length > labelsMax) throw labelLimitExceeded(labelsMax)
    return { ...at, labels: labels.length === 0 ? undefined : labels }
  }
  return { ...changed(parameter), earlier: earlier.map(changed) }
}
