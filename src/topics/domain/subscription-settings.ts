import { deliveryFault } from './delivery-policy.ts'
import { filterFault, parsed, type FilterScope } from './filter-policy.ts'
import { isObject } from './pattern.ts'
import type { AttributeFault } from './topic-settings.ts'

/** The first attribute of a subscription that cannot be honoured, and why. `attributes` are all that it is to have. */
export function subscriptionFault(
  attributes: Readonly<Record<string, string>>,
  of: { readonly protocol: string },
): AttributeFault | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const reason = reasonAgainst(name, value, { ...of, attributes })
    if (reason !== undefined) return { name, reason }
  }
  return undefined
}

function reasonAgainst(
  name: string,
  value: string,
  of: { readonly protocol: string; readonly attributes: Readonly<Record<string, string>> },
): string | undefined {
  const isWeb = of.protocol === 'http' || of.protocol === 'https'
  switch (name) {
    case 'FilterPolicy': {
      const policy = parsed(value)
      if (!isObject(policy)) return 'failed to parse JSON.'
      return filterFault(policy, scopeOf(of.attributes))
    }
    case 'FilterPolicyScope':
      return ['MessageAttributes', 'MessageBody'].includes(value)
        ? undefined
        : 'must be MessageAttributes or MessageBody'
    case 'RawMessageDelivery':
      if (value !== 'true' && value !== 'false') return 'must be true or false'
      return isWeb || of.protocol === 'sqs' || value === 'false'
        ? undefined
        : `Delivery protocol [${of.protocol}] does not support raw message delivery.`
    case 'RedrivePolicy':
      return redriveFault(value)
    case 'DeliveryPolicy':
      if (!isWeb) return 'is for the protocols http and https'
      return deliveryFault(parsed(value), 'subscription')
    default:
      return 'is not supported here'
  }
}

function redriveFault(text: string): string | undefined {
  const policy = parsed(text)
  if (!isObject(policy)) return 'failed to parse JSON.'
  const { deadLetterTargetArn: target, ...others } = policy
  const [other] = Object.keys(others)
  if (other !== undefined) return `${other} is not a member of a redrive policy`
  return typeof target === 'string' && /^arn:[^:]+:sqs:[^:]+:\d{12}:.+$/.test(target)
    ? undefined
    : 'deadLetterTargetArn is an invalid arn'
}

function scopeOf(attributes: Readonly<Record<string, string>>): FilterScope {
  return attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes'
}
