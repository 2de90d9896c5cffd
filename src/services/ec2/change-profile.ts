import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2'
import type { Instance } from '../../compute/instance.ts'
import type { Scope } from '../../kernel/scope.ts'
import { Refusal } from '../../network/refusal.ts'
import type { Ec2Deps } from './deps.ts'
import { associationNotFound, invalidParameterValue, missingParameter } from './errors.ts'
import { instanceSurroundings } from './instance-view.ts'
import { profileAssociation } from './profile-association.ts'

/** Members that name an instance profile. */
export const profileSpecification = { Arn: true, Name: true } as const

/** The instance of an association, whose id is made from the instance's. */
export function instanceOfAssociation(associationId: string): string {
  if (!associationId.startsWith('iip-assoc-')) throw associationNotFound(associationId)
  return associationId.replace('iip-assoc-', 'i-')
}

/** The ARN of the profile that a request names. */
export async function profileArnOf(
  { profiles }: Ec2Deps,
  scope: Scope,
  named: IamInstanceProfileSpecification | undefined,
): Promise<string> {
  const nameOrArn = named?.Arn ?? named?.Name
  if (nameOrArn === undefined) throw missingParameter('IamInstanceProfile')
  const profile = await profiles.find(scope, nameOrArn)
  if (profile) return profile.arn
  const member = named?.Arn === undefined ? 'iamInstanceProfile.name' : 'iamInstanceProfile.arn'
  throw invalidParameterValue(nameOrArn, member)
}

/** Puts a profile on an instance, or takes its own away; `check` sees what it has now. The next read of its metadata knows. */
export async function changeProfile(
  deps: Ec2Deps,
  scope: Scope,
  at: {
    readonly instanceId: string
    readonly arn: string | undefined
    readonly check: (instance: Instance) => void
  },
) {
  const { instanceId, arn, check } = at
  let before: Instance | undefined
  await deps.compute.instances.change(scope, instanceId, (instance) => {
    if (instance.desired === 'terminated') {
      throw new Refusal(
        'IncorrectInstanceState',
        `The instance '${instanceId}' is not in a state in which its profile can be changed.`,
      )
    }
    check(instance)
    before = instance
    const { instanceProfileArn: _, ...rest } = instance
    return arn === undefined ? rest : { ...rest, instanceProfileArn: arn }
  })
  if (!before) return undefined
  const shown = arn === undefined ? before : { ...before, instanceProfileArn: arn }
  const around = await instanceSurroundings(deps, scope, [shown])
  return profileAssociation(shown, around)
}
