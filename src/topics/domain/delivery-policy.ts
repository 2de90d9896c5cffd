import { isObject, type Json, type JsonObject } from './pattern.ts'

/** How a delivery to an HTTP endpoint is tried again. Delays in seconds. */
export interface RetryPolicy {
  readonly numRetries: number
  readonly numNoDelayRetries: number
  readonly minDelayTarget: number
  readonly maxDelayTarget: number
  readonly numMinDelayRetries: number
  readonly numMaxDelayRetries: number
  readonly backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential'
}

export interface DeliveryPolicy {
  readonly retry: RetryPolicy
  readonly contentType: string
}

/** https://docs.aws.amazon.com/sns/latest/dg/creating-delivery-policy.html */
export const usualRetries: RetryPolicy = {
  numRetries: 3,
  numNoDelayRetries: 0,
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: 'linear',
}
const usualContentType = 'text/plain; charset=UTF-8'

/** The policy of a subscription over that of its topic over the usual one. Both are as `deliveryFault` let them pass. */
export function deliveryPolicy(
  topic: JsonObject | undefined,
  subscription: JsonObject | undefined,
): DeliveryPolicy {
  const http = topic?.['http']
  const ofTopic: JsonObject = isObject(http) ? http : {}
  const topicRetry = ofTopic['defaultHealthyRetryPolicy'] ?? {}
  const topicRequest = ofTopic['defaultRequestPolicy'] ?? {}
  const isFixed = ofTopic['disableSubscriptionOverrides'] === true
  const own = isFixed ? {} : (subscription ?? {})
  return {
    retry: {
      ...usualRetries,
      ...(topicRetry as Partial<RetryPolicy>),
      ...((own['healthyRetryPolicy'] ?? {}) as Partial<RetryPolicy>),
    },
    contentType:
      contentTypeOf(own['requestPolicy']) ?? contentTypeOf(topicRequest) ?? usualContentType,
  }
}

function contentTypeOf(request: Json | undefined): string | undefined {
  const type = isObject(request) ? request['headerContentType'] : undefined
  return typeof type === 'string' ? type : undefined
}

/** Milliseconds until the next try after so many that failed; undefined: give it up. */
export function retryDelay(policy: RetryPolicy, attempts: number): number | undefined {
  const retry = attempts - 1
  if (retry >= policy.numRetries) return undefined
  const { minDelayTarget: low, maxDelayTarget: high } = policy
  const first = policy.numNoDelayRetries + policy.numMinDelayRetries
  const last = policy.numRetries - policy.numMaxDelayRetries
  if (retry < policy.numNoDelayRetries) return 0
  if (retry < first) return low * 1000
  if (retry >= last) return high * 1000
  const steps = last - first
  const share = steps <= 1 ? 0 : (retry - first) / (steps - 1)
  return Math.round((low + (high - low) * curve(policy.backoffFunction, share)) * 1000)
}

/** From 0 to 1, ever steeper. */
function curve(backoff: RetryPolicy['backoffFunction'], share: number): number {
  switch (backoff) {
    case 'linear':
      return share
    case 'arithmetic':
      return share ** 1.5
    case 'geometric':
      return share ** 2
    case 'exponential':
      return (2 ** (share * 8) - 1) / 255
  }
}

const retryNames = Object.keys(usualRetries)
const backoffs: readonly Json[] = ['linear', 'arithmetic', 'geometric', 'exponential']
const retriesMax = 100
const delaySecondsMax = 3600

/** What is wrong with a delivery policy, in words. Throttling is not built and is refused by name. */
export function deliveryFault(
  policy: Json | undefined,
  of: 'topic' | 'subscription',
): string | undefined {
  if (!isObject(policy)) return 'it must be an object'
  if (of === 'subscription') {
    return membersFault(policy, { retry: 'healthyRetryPolicy', request: 'requestPolicy' })
  }
  const { http = {}, ...others } = policy
  const [other] = Object.keys(others)
  if (other !== undefined) return `${other} is not supported here`
  if (!isObject(http)) return 'http must be an object'
  const { disableSubscriptionOverrides: fixed = false, ...policies } = http
  if (typeof fixed !== 'boolean') return 'disableSubscriptionOverrides must be true or false'
  return membersFault(policies, {
    retry: 'defaultHealthyRetryPolicy',
    request: 'defaultRequestPolicy',
  })
}

function membersFault(
  policy: JsonObject,
  names: { readonly retry: string; readonly request: string },
): string | undefined {
  for (const [name, value] of Object.entries(policy)) {
    if (value === null) continue
    if (name === names.retry) {
      const fault = isObject(value) ? retryFault(value) : `${name} must be an object`
      if (fault !== undefined) return fault
    } else if (name !== names.request || contentTypeOf(value) === undefined) {
      return `${name} is not supported here`
    }
  }
  return undefined
}

function retryFault(retry: JsonObject): string | undefined {
  for (const [name, value] of Object.entries(retry)) {
    if (!retryNames.includes(name)) return `${name} is not supported here`
    if (name === 'backoffFunction') {
      if (!backoffs.includes(value)) return 'backoffFunction must be one of the allowed values'
    } else {
      const most = name.endsWith('Target') ? delaySecondsMax : retriesMax
      const isWell = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
      if (!isWell) return `${name} must be a whole number from 0 to ${most}`
    }
  }
  const all = { ...usualRetries, ...(retry as Partial<RetryPolicy>) }
  if (all.minDelayTarget < 1) return 'minDelayTarget must be at least 1'
  if (all.minDelayTarget > all.maxDelayTarget)
    return 'maxDelayTarget must not be below minDelayTarget'
  const named = all.numNoDelayRetries + all.numMinDelayRetries + all.numMaxDelayRetries
  return named > all.numRetries ? 'numRetries must not be below the sum of its phases' : undefined
}
