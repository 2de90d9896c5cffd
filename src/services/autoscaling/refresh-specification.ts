import type { RefreshPreferences as GivenPreferences } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../kernel/scope.ts'
import type {
  Exceptional,
  RefreshPreferences,
  TemplateVersion,
} from '../../scale/domain/refresh.ts'
import type { HealthyRange } from '../../scale/domain/views.ts'
import type { Group, GroupTemplate } from '../../scale/group.ts'
import { validationError } from './errors.ts'
import { checkSeconds } from './group-specification.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** How few and how many may be healthy meanwhile, in AWS's bounds. */
export function checkHealthyRange(
  min: number | undefined,
  max: number | undefined,
  before: HealthyRange,
): HealthyRange {
  if (max !== undefined && min === undefined) {
    throw validationError('MinHealthyPercentage is required when MaxHealthyPercentage is specified')
  }
  const range = {
    minPercent: min ?? before.minPercent,
    maxPercent: max ?? Math.max(100, before.maxPercent),
  }
  if (!Number.isInteger(range.minPercent) || range.minPercent < 0 || range.minPercent > 100) {
    throw validationError('MinHealthyPercentage must be between 0 and 100')
  }
  if (!Number.isInteger(range.maxPercent) || range.maxPercent < 100 || range.maxPercent > 200) {
    throw validationError('MaxHealthyPercentage must be between 100 and 200')
  }
  if (range.maxPercent - range.minPercent > 100) {
    throw validationError(
      'The difference between MaxHealthyPercentage and MinHealthyPercentage must not be greater than 100',
    )
  }
  return range
}

/** As `ScaleInProtectedInstances` and `StandbyInstances` name them. */
export const protectedChoices = { Replace: 'Refresh', Ignore: 'Ignore', Wait: 'Wait' } as const
export const standbyChoices = { Replace: 'Terminate', Ignore: 'Ignore', Wait: 'Wait' } as const

function choiceOf(
  member: string,
  choices: Readonly<Record<Exceptional, string>>,
  given: string,
): Exceptional {
  const names = ['Replace', 'Ignore', 'Wait'] as const
  const chosen = names.find((name) => choices[name] === given)
  if (!chosen) throw validationError(`${member} is ${Object.values(choices).join(', ')}`)
  return chosen
}

/** AWS's bound. */
const alarmsMax = 10

/** The alarms that a refresh is to watch, each of which is there. */
export async function checkAlarms(
  deps: AutoScalingDeps,
  scope: Scope,
  names: readonly string[] = [],
): Promise<readonly string[]> {
  if (names.length > alarmsMax) {
    throw validationError(`AlarmSpecification.Alarms must name at most ${alarmsMax} alarms`)
  }
  const { alarmStates } = deps.scale.ports
  for (const name of names) {
    if ((await alarmStates?.state(scope, name)) !== undefined) continue
    throw validationError(`AlarmSpecification.Alarms: there is no CloudWatch alarm ${name}`)
  }
  return [...new Set(names)]
}

/** A refresh's preferences, checked; what is not given comes from the group. */
export function checkPreferences(group: Group, given: GivenPreferences): RefreshPreferences {
  const range = checkHealthyRange(
    given.MinHealthyPercentage,
    given.MaxHealthyPercentage,
    group.maintenance ?? { minPercent: 90, maxPercent: 100 },
  )
  const warmup = given.InstanceWarmup === -1 ? undefined : given.InstanceWarmup
  return {
    minHealthyPercent: range.minPercent,
    maxHealthyPercent: range.maxPercent,
    warmupSeconds: checkSeconds(
      'InstanceWarmup',
      warmup ?? group.defaultWarmupSeconds ?? group.healthCheckGraceSeconds,
    ),
    bakeSeconds: checkBounded('BakeTime', given.BakeTime === -1 ? 0 : (given.BakeTime ?? 0)),
    checkpoints: checkCheckpoints(given.CheckpointPercentages ?? []),
    checkpointDelaySeconds: checkDelay(given),
    skipsMatching: given.SkipMatching ?? false,
    rollsBack: given.AutoRollback ?? false,
    protectedInstances: choiceOf(
      'ScaleInProtectedInstances',
      protectedChoices,
      given.ScaleInProtectedInstances ?? 'Wait',
    ),
    standbyInstances: choiceOf(
      'StandbyInstances',
      standbyChoices,
      given.StandbyInstances ?? 'Wait',
    ),
  }
}

function checkCheckpoints(given: readonly number[]): readonly number[] {
  const isRising = given.every((value, index) => value > (given[index - 1] ?? 0) && value <= 100)
  if (!isRising || given.some((value) => !Number.isInteger(value))) {
    throw validationError('CheckpointPercentages must be unique, between 1 and 100, and ascending')
  }
  return given
}

function checkDelay(given: GivenPreferences): number {
  if (given.CheckpointDelay !== undefined && (given.CheckpointPercentages ?? []).length === 0) {
    throw validationError('CheckpointDelay requires CheckpointPercentages')
  }
  return checkBounded('CheckpointDelay', given.CheckpointDelay ?? 3600)
}

/** AWS's bound of two days. */
const waitSecondsMax = 172_800

function checkBounded(name: string, seconds: number): number {
  if (checkSeconds(name, seconds) > waitSecondsMax) {
    throw validationError(`${name} must be at most ${waitSecondsMax} seconds`)
  }
  return seconds
}

/** The very version that instances would be launched from now. */
export async function resolvedVersion(
  deps: AutoScalingDeps,
  scope: Scope,
  { launchTemplateId, version }: GroupTemplate,
): Promise<TemplateVersion> {
  const { launchTemplates } = deps.scale.ports
  const found = await launchTemplates.resolve(scope, { launchTemplateId, version })
  return { launchTemplateId, version: Number(found?.version ?? 0) }
}

/** What a rollback goes back to: only a version with a number stays what it is. */
export function fixedVersion({ launchTemplateId, version }: GroupTemplate) {
  return /^\d+$/.test(version) ? { launchTemplateId, version: Number(version) } : undefined
}
