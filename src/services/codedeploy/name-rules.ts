import * as errors from './errors.ts'

const namePattern = /^[A-Za-z0-9._+=,@-]{1,100}$/

export function applicationName(name: string | undefined): string {
  if (name === undefined || name === '') throw errors.applicationNameRequired()
  if (!namePattern.test(name)) throw errors.invalidApplicationName(name)
  return name
}

export function deploymentGroupName(name: string | undefined): string {
  if (name === undefined || name === '') throw errors.deploymentGroupNameRequired()
  if (!namePattern.test(name)) throw errors.invalidDeploymentGroupName(name)
  return name
}

export function deploymentConfigName(name: string | undefined): string {
  if (name === undefined || name === '') throw errors.deploymentConfigNameRequired()
  if (!namePattern.test(name)) throw errors.invalidDeploymentConfigName(name)
  return name
}

export function deploymentId(id: string | undefined): string {
  if (id === undefined || id === '') throw errors.deploymentIdRequired()
  if (!/^d-[A-Z0-9]{9}$/.test(id)) throw errors.invalidDeploymentId(id)
  return id
}

/** Lists in a batch: there is one, and it is not longer than `most`. */
export function batch<T>(
  items: readonly T[] | undefined,
  most: number,
  missing: Error,
): readonly T[] {
  if (!items || items.length === 0) throw missing
  if (items.length > most) throw errors.batchLimitExceeded(most)
  return items
}
