import { keyPendingDeletion, validationError } from '../errors.ts'
import { changeKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

const dayMilliseconds = 24 * 3600 * 1000

export const scheduleKeyDeletion: KmsOperation<'ScheduleKeyDeletion'> = {
  accepts: { KeyId: true, PendingWindowInDays: true },
  async handle(input, { scope }, deps) {
    const days = input.PendingWindowInDays ?? 30
    if (!Number.isInteger(days) || days < 7 || days > 30) {
      throw validationError('PendingWindowInDays must be between 7 and 30')
    }
    const deletionAt = deps.clock.now() + days * dayMilliseconds
    const key = await changeKey(deps, scope, input.KeyId, (value) => {
      if (value.deletionAt !== undefined) throw keyPendingDeletion(value.arn)
      return { ...value, deletionAt, isEnabled: false }
    })
    const DeletionDate = new Date(deletionAt)
    const KeyState = 'PendingDeletion' as const
    return { KeyId: key.arn, DeletionDate, KeyState, PendingWindowInDays: days }
  },
}
