import type { Operation } from '../../../wire/service.ts'
import { sessionRefused } from '../errors.ts'
import { checkDuration, credentialsShape } from '../session-shape.ts'
import type { StsDeps, StsOperations } from '../service-deps.ts'

const secondsMax = 129_600

export const getSessionToken: Operation<StsOperations, 'GetSessionToken', StsDeps> = {
  accepts: { DurationSeconds: true },
  async handle(input, request, deps) {
    const seconds = checkDuration(input.DurationSeconds ?? 43_200, secondsMax)
    const { arn, account, userId, accessKeyId } = request.principal
    if (accessKeyId?.startsWith('ASIA')) throw sessionRefused()
    const session = await deps.identity.openSession({ arn, account, userId }, seconds)
    return { Credentials: credentialsShape(session) }
  },
}
