import type { Group, Role, User } from '../../../identity/records.ts'
import { globalScopeOf } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { modify } from '../../../store/records.ts'
import { groupEntities } from '../groups.ts'
import type { NamedEntities } from '../named-entities.ts'
import { roleEntities } from '../roles.ts'
import type { IamDeps } from '../service-deps.ts'
import { userEntities } from '../users.ts'

/** The roles, users and groups that a policy's template names. */
export interface NamedHolders {
  readonly Roles?: readonly string[]
  readonly Users?: readonly string[]
  readonly Groups?: readonly string[]
}

type ChangeHolder = <T extends Role | User | Group>(holder: T) => T

/** All of them. Throws NoSuchEntity for one that is not there. */
export async function changeHolders(
  deps: IamDeps,
  scope: Scope,
  { Roles = [], Users = [], Groups = [] }: NamedHolders,
  change: ChangeHolder,
): Promise<void> {
  for (const name of Roles) await roleEntities.change(deps, scope, name, change)
  for (const name of Users) await userEntities.change(deps, scope, name, change)
  for (const name of Groups) await groupEntities.change(deps, scope, name, change)
}

/** Those that are still there. */
export async function changeHoldersLeft(
  deps: IamDeps,
  scope: Scope,
  { Roles = [], Users = [], Groups = [] }: NamedHolders,
  change: ChangeHolder,
): Promise<void> {
  const changeLeft = async <T extends Role | User | Group>(
    { kind }: NamedEntities<T>,
    id: string,
  ): Promise<void> => {
    await modify(deps.identity.context.store, { kind, scope: globalScopeOf(scope), id }, change<T>)
  }
  for (const name of Roles) await changeLeft(roleEntities, name)
  for (const name of Users) await changeLeft(userEntities, name)
  for (const name of Groups) await changeLeft(groupEntities, name)
}
