import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import type { Scope } from '../../kernel/scope.ts'
import { busArn } from '../../rules/rule.ts'
import { parsed } from '../../topics/domain/filter-policy.ts'
import { isObject } from '../../topics/domain/pattern.ts'
import type { EventsDeps } from './service-deps.ts'

/** One entry of PutEvents: taken, or refused for itself. */
export async function putEntry(
  { rules }: EventsDeps,
  scope: Scope,
  entry: PutEventsRequestEntry,
): Promise<PutEventsResultEntry> {
  const { Source = '', DetailType = '', Detail, EventBusName: bus, Resources = [], Time } = entry
  for (const [name, text] of Object.entries({ Source, DetailType, Detail: Detail ?? '' })) {
    if (text === '') {
      return fault(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
    }
  }
  if (bus !== undefined && bus !== 'default' && bus !== busArn(scope)) {
    return fault('ResourceNotFoundException', `Event bus ${bus} does not exist.`)
  }
  if (Source.startsWith('aws.')) {
    return fault('NotAuthorizedForSourceException', 'Not authorized for the source.')
  }
  const detail = parsed(Detail ?? '')
  if (!isObject(detail)) return fault('MalformedDetail', 'Detail is malformed.')
  const saying = { source: Source, detailType: DetailType, resources: Resources, detail }
  return { EventId: await rules.bus.put(scope, { ...saying, at: Time?.getTime() }) }
}

function fault(ErrorCode: string, ErrorMessage: string): PutEventsResultEntry {
  return { ErrorCode, ErrorMessage }
}
