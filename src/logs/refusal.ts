import { EngineRefusal } from '../kernel/errors.ts'

/** Why the engine does not do what it was asked: the names of CloudWatch Logs' error shapes. */
export type LogRefusalCode =
  | 'InvalidParameterException'
  | 'LimitExceededException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceNotFoundException'
  | 'TooManyTagsException'
  | 'ValidationException'

/** Thrown by the engine for what its caller got wrong; the service turns it into its own error. */
export class LogRefusal extends EngineRefusal<LogRefusalCode> {}

export function invalid(message: string): LogRefusal {
  return new LogRefusal('InvalidParameterException', message)
}

/** As AWS words what does not fit its model: `constraint` is `Member must have length less than or equal to 512`. */
export function unfit(member: string, value: unknown, constraint: string): LogRefusal {
  return invalid(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  )
}

export function protectedGroup(name: string): LogRefusal {
  return new LogRefusal(
    'ValidationException',
    `Deletion protection is enabled for the log group ${name}. Disable it before you delete anything of it.`,
  )
}

export function notFound(what: 'group' | 'stream'): LogRefusal {
  return new LogRefusal('ResourceNotFoundException', `The specified log ${what} does not exist.`)
}

export function alreadyExists(what: 'group' | 'stream'): LogRefusal {
  return new LogRefusal(
    'ResourceAlreadyExistsException',
    `The specified log ${what} already exists`,
  )
}
