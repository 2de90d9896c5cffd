import type { CpuCredits, Instance } from '../../compute/instance.ts'
import { invalidParameterValue } from './errors.ts'

/** The families that have credits on EC2, and what they do unless asked. */
const standards: Readonly<Record<string, CpuCredits>> = {
  t2: 'standard',
  t3: 'unlimited',
  t3a: 'unlimited',
  t4g: 'unlimited',
}

/** Undefined for a type that has no credits. */
export function creditsOf(
  instance: Pick<Instance, 'instanceType' | 'cpuCredits'>,
): CpuCredits | undefined {
  const [family = ''] = instance.instanceType.split('.')
  const standard = Object.hasOwn(standards, family) ? standards[family] : undefined
  return standard && (instance.cpuCredits ?? standard)
}

export function burstsWithoutLimit(instance: Instance): boolean {
  return creditsOf(instance) === 'unlimited'
}

export function cpuCreditsOf(text: string): CpuCredits {
  if (text === 'standard' || text === 'unlimited') return text
  throw invalidParameterValue(text, 'CpuCredits')
}
