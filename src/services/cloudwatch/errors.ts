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

export function invalidParameterInput(message: string): AwsError {
  return new AwsError('DashboardInvalidInputError', message)
}

export function dashboardInvalid(
  findings: readonly { DataPath?: string | undefined; Message?: string | undefined }[],
): AwsError {
  const told = findings.map(({ DataPath, Message }) => ({ dataPath: DataPath, message: Message }))
  return new AwsError(
    'DashboardInvalidInputError',
    `The dashboard body is invalid, there are ${findings.length} validation errors: ${JSON.stringify(told, undefined, 2)}`,
    { fields: { dashboardValidationMessages: findings } },
  )
}

export function dashboardNotFound(names: readonly string[]): AwsError {
  const which =
    names.length === 1 ? `Dashboard ${names.join()} does` : `Dashboards ${names.join(', ')} do`
  return new AwsError('DashboardNotFoundError', `${which} not exist`)
}

/** CloudFormation's word for a dashboard that is not the stack's own. */
export function dashboardExists(name: string): AwsError {
  return new AwsError('DashboardInvalidInputError', `Dashboard ${name} already exists`)
}

/** What GetMetricWidgetImage answers to a widget that cannot be drawn. */
export function invalidWidget(path: string, reason: string): AwsError {
  return new AwsError(
    'ValidationError',
    `Invalid metric widget definition: ${path || '/'} ${reason}`,
  )
}
