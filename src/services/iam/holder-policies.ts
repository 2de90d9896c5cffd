import type { Group, InlinePolicy, Role, User } from '../../identity/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import { groupEntities } from './groups.ts'
import type { NamedEntities } from './named-entities.ts'
import { checkName, checkPolicy, encodeDocument } from './names.ts'
import { page, type PageInput } from './paging.ts'
import {
  attachedShape,
  checkAttachable,
  inlineNamed,
  withAttached,
  withInline,
  withoutAttached,
  withoutInline,
} from './policies.ts'
import { roleEntities } from './roles.ts'
import type { IamDeps } from './service-deps.ts'
import { userEntities } from './users.ts'

/** A holder by the name that a request gives it. */
interface Named {
  readonly scope: Scope
  readonly name: string | undefined
}

interface PolicyInput {
  readonly PolicyName?: string | undefined
  readonly PolicyDocument?: string | undefined
}

export const userPolicies = policiesOf(userEntities)
export const groupPolicies = policiesOf(groupEntities)
export const rolePolicies = policiesOf(roleEntities)

/** What users, groups and roles have in common: policies in them, and policies attached to them. */
function policiesOf<T extends User | Group | Role>(entities: NamedEntities<T>) {
  const change = async (deps: IamDeps, { scope, name }: Named, by: (holder: T) => T) => {
    await entities.change(deps, scope, name, by)
    return {}
  }
  const named = async (deps: IamDeps, { scope, name }: Named) =>
    (await entities.named(deps, scope, name)).value

  return {
    async attach(deps: IamDeps, holder: Named, given: string | undefined) {
      const arn = await checkAttachable(deps, holder.scope, given)
      return change(deps, holder, (value) => withAttached(value, arn))
    },
    detach: (deps: IamDeps, holder: Named, arn: string | undefined) =>
      change(deps, holder, (value) => withoutAttached(value, arn ?? '')),
    async listAttached(deps: IamDeps, holder: Named, input: PageInput) {
      const found = page((await named(deps, holder)).attachedPolicyArns, (arn) => arn, input)
      return { AttachedPolicies: found.items.map(attachedShape), ...found.mark }
    },
    async put(deps: IamDeps, holder: Named, input: PolicyInput) {
      const policy = checkInline(input)
      return change(deps, holder, (value) => withInline(value, policy))
    },
    remove: (deps: IamDeps, holder: Named, policyName: string | undefined) =>
      change(deps, holder, (value) => withoutInline(value, policyName)),
    async get(deps: IamDeps, holder: Named, policyName: string | undefined) {
      const { name, document } = inlineNamed(await named(deps, holder), policyName)
      return { PolicyName: name, PolicyDocument: encodeDocument(document) }
    },
    async list(deps: IamDeps, holder: Named, input: PageInput) {
      const found = page((await named(deps, holder)).inlinePolicies, ({ name }) => name, input)
      return { PolicyNames: found.items.map(({ name }) => name), ...found.mark }
    },
  }
}

export function checkInline({ PolicyName, PolicyDocument }: PolicyInput): InlinePolicy {
  const name = checkName('policyName', PolicyName, 128)
  return { name, document: checkPolicy(PolicyDocument, 'identity') }
}
