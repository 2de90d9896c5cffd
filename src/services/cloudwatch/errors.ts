import { AwsError } from '../../kernel/errors.ts'

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message)
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message)
}

export function missingParameter(path: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The parameter ${path} is required.`)
}

/** What PutMetricAlarm, GetMetricData and their like answer to settings that cannot be. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return invalidValue(`The parameter ${path} of ${operation} is not supported here.`)
}

export function invalidFormat(message: string): AwsError {
  return new AwsError('InvalidFormatFault', message)
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The NextToken value is not valid.')
}

export function alarmNotFound(): AwsError {
  return new AwsError('ResourceNotFound', 'Alarm not found')
}

/** CloudFormation's word for an alarm that is not the stack's own. */
export function alarmExists(name: string): AwsError {
  return validationError(`${name} already exists`)
}

export function resourceNotFound(resourceArn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Resource ${resourceArn} does not exist`, {
    fields: { ResourceType: 'alarm', ResourceId: resourceArn },
  })
}
