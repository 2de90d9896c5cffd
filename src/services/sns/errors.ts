import { AwsError } from '../../kernel/errors.ts'
import { TopicRefusal } from '../../topics/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

/** What the engine refused, in SNS's own shapes. */
export const asAwsError = tellingRefusals(TopicRefusal)

export function unsupportedMember(path: string, operation: string): AwsError {
  return invalidParameter(`${path} Reason: it is not supported here for ${operation}`)
}

export function invalidParameter(text: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${text}`)
}

export function invalidParameterValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message)
}

export function topicNotFound(): AwsError {
  return new AwsError('NotFoundException', 'Topic does not exist')
}

export function subscriptionNotFound(): AwsError {
  return new AwsError('NotFoundException', 'Subscription does not exist')
}

export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Resource does not exist')
}

/** Another account's topic: its policy would have to allow it, and policies are not enforced here. */
export function notAuthorized(principal: string, operation: string, arn: string): AwsError {
  return new AwsError(
    'AuthorizationErrorException',
    `User: ${principal} is not authorized to perform: SNS:${operation} on resource: ${arn}`,
  )
}

export function mustBeSigned(): AwsError {
  return new AwsError(
    'AuthorizationErrorException',
    'The subscription was confirmed with AuthenticateOnUnsubscribe: a signed call removes it.',
  )
}

export function tooManyTags(): AwsError {
  return new AwsError(
    'TagLimitExceededException',
    'Could not complete request: tag quota of per resource exceeded',
  )
}

export function emptyBatch(): AwsError {
  return new AwsError(
    'EmptyBatchRequestException',
    "The batch request doesn't contain any entries.",
  )
}

export function tooManyEntries(): AwsError {
  return new AwsError(
    'TooManyEntriesInBatchRequestException',
    'The batch request contains more entries than permissible.',
  )
}

export function entryIdsNotDistinct(): AwsError {
  return new AwsError(
    'BatchEntryIdsNotDistinctException',
    'Two or more batch entries in the request have the same Id.',
  )
}

export function invalidEntryId(id: string): AwsError {
  return new AwsError(
    'InvalidBatchEntryIdException',
    `The Id ${id} of a batch entry in a batch request doesn't abide by the specification.`,
  )
}

export function batchTooLong(): AwsError {
  return new AwsError(
    'BatchRequestTooLongException',
    'The length of all the messages put together is more than the limit.',
  )
}
