import { answered, type AsAwsError } from '../kernel/answered.ts'
import type { ResourceType } from './resource-type.ts'

/** The type, with what its engine refuses told as its service tells it: the reason in the stack's events names that code. */
export function answeringType(type: ResourceType, asAwsError: AsAwsError): ResourceType {
  const { create, update, read, remove } = type
  const answering =
    <Call extends readonly unknown[], R>(act: (...call: Call) => Promise<R>) =>
    (...call: Call): Promise<R> =>
      answered(() => act(...call), asAwsError)
  return {
    ...type,
    create: answering(create),
    ...(update && { update: answering(update) }),
    ...(read && { read: answering(read) }),
    remove: answering(remove),
  }
}
