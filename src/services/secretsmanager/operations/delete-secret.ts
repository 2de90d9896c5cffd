import { modify } from '../../../store/records.ts'
import { invalidParameter, secretNotFound } from '../errors.ts'
import { findSecret, needSecret, removeSecret } from '../find-secret.ts'
import { secrets } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

const dayMilliseconds = 24 * 3600 * 1000
const windowDays = { fewest: 7, most: 30 }

export const deleteSecret: SecretsOperation<'DeleteSecret'> = {
  accepts: { SecretId: true, RecoveryWindowInDays: true, ForceDeleteWithoutRecovery: true },
  async handle(input, request, deps) {
    const { scope } = request
    const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced } = input
    if (isForced === true && days !== undefined) {
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      )
    }
    const window = days ?? windowDays.most
    if (window < windowDays.fewest || window > windowDays.most) {
      throw invalidParameter(
        `RecoveryWindowInDays value must be between ${windowDays.fewest} and ${windowDays.most} days (inclusive).`,
      )
    }
    const now = deps.clock.now()
    if (isForced === true) {
      const found = await findSecret(deps, scope, input.SecretId ?? '')
      if (!found) throw secretNotFound()
      await removeSecret(deps, found)
      return { ARN: found.value.arn, Name: found.value.name, DeletionDate: new Date(now) }
    }
    const found = await needSecret(deps, scope, input.SecretId)
    const deletion = { askedAt: now, at: now + window * dayMilliseconds }
    const at = { kind: secrets, scope, id: found.id }
    await modify(deps.store, at, (known) => ({ ...known, deletion }))
    const { arn, name } = found.value
    return { ARN: arn, Name: name, DeletionDate: new Date(deletion.at) }
  },
}
