import { AwsError } from '../../kernel/errors.ts'
import { QueueRefusal } from '../../queue/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

/** What the engine refused, in SQS's own shapes. */
export const asAwsError = tellingRefusals(QueueRefusal)

export function unsupportedMember(path: string, operation: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `The parameter ${path} of ${operation} is not supported here.`,
  )
}

export function missingParameter(path: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${path}.`)
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

export function invalidAddress(url: string): AwsError {
  return new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`)
}

/** Another account's queue: its policy would have to allow it, and policies are not enforced here. */
export function accessDenied(arn: string): AwsError {
  return new AwsError('AccessDenied', `Access to the resource ${arn} is denied.`, { status: 403 })
}

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
}

export function noSuchResource(): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  )
}

export function invalidAttributeName(name: string): AwsError {
  return new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
}

export function emptyBatch(): AwsError {
  return new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
}

export function tooManyEntries(count: number): AwsError {
  return new AwsError(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
  )
}

export function entryIdsNotDistinct(id: string): AwsError {
  return new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`)
}

export function invalidEntryId(): AwsError {
  return new AwsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  )
}

export function batchTooLong(bytes: number, most: number): AwsError {
  return new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${most} bytes. You have sent ${bytes} bytes.`,
  )
}
