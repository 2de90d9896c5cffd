import { trusts } from '../../../identity/domain/trust-policy.ts'
import { globalScopeOf, roles, type Role } from '../../../identity/records.ts'
import { parseArn } from '../../../kernel/arn.ts'
import type { Operation, Request } from '../../../wire/service.ts'
import { notTrusted, validationError } from '../errors.ts'
import { checkDuration, credentialsShape } from '../session-shape.ts'
import type { StsDeps, StsOperations } from '../service-deps.ts'

export const assumeRole: Operation<StsOperations, 'AssumeRole', StsDeps> = {
  accepts: { RoleArn: true, RoleSessionName: true, DurationSeconds: true, ExternalId: true },
  async handle(input, request, deps) {
    const roleArn = input.RoleArn ?? ''
    const sessionName = input.RoleSessionName ?? ''
    const arn = parseArn(roleArn)
    if (!arn?.resource.startsWith('role/')) throw validationError(`${roleArn} is invalid`)
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
      throw validationError(
        `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
      )
    }
    const scope = { account: arn.account, region: request.scope.region }
    const name = arn.resource.split('/').at(-1) ?? ''
    const found = await deps.identity.context.store.find(roles, globalScopeOf(scope), name)
    if (found?.value.arn !== roleArn || !isTrusted(found.value, request, input.ExternalId)) {
      throw notTrusted(request.principal.arn, roleArn)
    }
    const seconds = checkDuration(input.DurationSeconds ?? 3600, found.value.maxSessionSeconds)
    const holder = deps.identity.roleHolder(scope, found.value, sessionName)
    const session = await deps.identity.openSession(holder, seconds)
    return {
      Credentials: credentialsShape(session),
      AssumedRoleUser: { AssumedRoleId: holder.userId, Arn: holder.arn },
    }
  },
}

function isTrusted(role: Role, { principal }: Request, externalId: string | undefined): boolean {
  return trusts(role.trustPolicy, {
    trustee: { kind: 'caller', arn: principal.arn, account: principal.account },
    action: 'sts:AssumeRole',
    conditionValues: {
      'aws:principalarn': principal.arn,
      'aws:principalaccount': principal.account,
      ...(externalId === undefined ? {} : { 'sts:externalid': externalId }),
    },
  })
}
