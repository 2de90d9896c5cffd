import { AwsError } from '../../kernel/errors.ts'

/** The only error that agents know for a mistake of theirs. */
export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message)
}

export function unknownCommand(): AwsError {
  return clientError('There is no such command: it was never given to a host')
}

export function memberNotSupported(path: string, operation: string): AwsError {
  return clientError(`${path} of ${operation} is not supported here`)
}

export function accessDenied(caller: string, instanceId: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `${caller} is not authorized for the commands of ${instanceId}: only the instance's own session is`,
  )
}
