import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { assumeRole } from './operations/assume-role.ts'
import { getAccessKeyInfo } from './operations/get-access-key-info.ts'
import { getCallerIdentity } from './operations/get-caller-identity.ts'
import { getSessionToken } from './operations/get-session-token.ts'
import type { StsDeps } from './service-deps.ts'

/** AWS Security Token Service. */
export function stsService(deps: StsDeps): Service {
  return serviceOf(deps, {
    id: 'sts',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    operations: {
      AssumeRole: assumeRole,
      GetAccessKeyInfo: getAccessKeyInfo,
      GetCallerIdentity: getCallerIdentity,
      GetSessionToken: getSessionToken,
    },
  })
}
