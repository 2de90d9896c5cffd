import { globalArnOf, parseArn } from '../kernel/arn.ts'
import { partitionOf, urlSuffixOf, type Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { RecordExists } from '../store/records.ts'
import { createCredentials, type Credentials } from './credentials.ts'
import { trusts } from './domain/trust-policy.ts'
import { identityId, secretText, sessionTokenText } from './key-text.ts'
import type { InstanceProfiles, InstanceProfileView, RoleCredentials } from './principal.ts'
import {
  accessKeys,
  globalScopeOf,
  instanceProfiles,
  keyScope,
  roles,
  sessions,
  type InstanceProfile,
  type KeyHolder,
  type Role,
  type Session,
} from './records.ts'
import { sessionSweeper } from './session-sweeper.ts'

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface IdentityOptions {
  readonly account: string
  readonly region: string
  /** The root key as an earlier start wrote it to its file: it stays the key, even in an emptied store. */
  readonly firstStartKeys?: KeyPair
}

export interface Identity {
  readonly context: EngineContext
  readonly credentials: Credentials
  readonly instanceProfiles: InstanceProfiles
  readonly reconcilers: readonly Reconciler[]
  /** The root access key of the installation's account, made when there is none. Call it at each start and after a reset. */
  firstStartKeys(): Promise<KeyPair>
  /** Temporary credentials for whoever `holder` is. */
  openSession(holder: KeyHolder, seconds: number): Promise<Session>
  /** As a session of a role: `AROA…:session`, `arn:aws:sts::…:assumed-role/role/session`. */
  roleHolder(scope: Scope, role: Role, sessionName: string): KeyHolder
  /** Whether there is such a role and its trust policy lets `service` (`cloudformation`) take it. */
  isRoleOf(scope: Scope, service: string, roleArn: string): Promise<boolean>
}

/** Role credentials of an instance last this long, as on EC2. */
const instanceSessionSeconds = 6 * 3600

export function createIdentity(context: EngineContext, options: IdentityOptions): Identity {
  const { store, clock, random } = context
  const ofInstances = new Map<string, Session>()
  let rootKeys = options.firstStartKeys

  async function openSession(holder: KeyHolder, seconds: number): Promise<Session> {
    const session: Session = {
      accessKeyId: identityId(random, 'ASIA'),
      secretAccessKey: secretText(random),
      sessionToken: sessionTokenText(random),
      holder,
      expiresAt: clock.now() + seconds * 1000,
    }
    const at = { scope: keyScope, id: session.accessKeyId, owner: holder.account }
    await store.insert(sessions, at, session)
    return session
  }

  /** The session that the instance has, while more than half of its time is left. */
  async function instanceSession(key: string, holder: KeyHolder): Promise<Session> {
    const held = ofInstances.get(key)
    const half = (instanceSessionSeconds * 1000) / 2
    const isGood =
      held &&
      held.holder.userId === holder.userId &&
      held.expiresAt - clock.now() > half &&
      (await store.find(sessions, keyScope, held.accessKeyId))
    if (held && isGood) return held
    const session = await openSession(holder, instanceSessionSeconds)
    ofInstances.set(key, session)
    return session
  }

  const profiles: InstanceProfiles = {
    async find(scope, nameOrArn) {
      const name = parseArn(nameOrArn)?.resource.split('/').at(-1) ?? nameOrArn
      const record = await store.find(instanceProfiles, globalScopeOf(scope), name)
      return record && viewOf(record.value)
    },
    async credentials(scope, profileArn, instanceId) {
      const profile = await profiles.find(scope, profileArn)
      if (!profile?.roleName) return undefined
      const role = await store.find(roles, globalScopeOf(scope), profile.roleName)
      if (!role || !trustsService(scope, role.value, 'ec2')) return undefined
      const holder = roleHolder(scope, role.value, instanceId)
      const session = await instanceSession(`${scope.account}/${instanceId}`, holder)
      return credentialsOf(session)
    },
  }

  return {
    context,
    credentials: createCredentials(context),
    instanceProfiles: profiles,
    reconcilers: [sessionSweeper(context)],
    openSession,
    roleHolder,
    isRoleOf: (scope, service, roleArn) => isRoleOf(context, scope, { service, roleArn }),
    async firstStartKeys() {
      const keys = rootKeys ?? (await storedRootKeys(context, options.account))
      rootKeys = keys ?? {
        accessKeyId: identityId(random, 'AKIA'),
        secretAccessKey: secretText(random),
      }
      await keepRootKey(context, options, rootKeys)
      return rootKeys
    },
  }
}

async function isRoleOf(
  { store }: EngineContext,
  scope: Scope,
  { service, roleArn }: { readonly service: string; readonly roleArn: string },
): Promise<boolean> {
  const arn = parseArn(roleArn)
  if (arn?.account !== scope.account || !arn.resource.startsWith('role/')) return false
  const name = arn.resource.split('/').at(-1) ?? ''
  const role = await store.find(roles, globalScopeOf(scope), name)
  return role?.value.arn === roleArn && trustsService(scope, role.value, service)
}

async function storedRootKeys(
  { store }: EngineContext,
  account: string,
): Promise<KeyPair | undefined> {
  const records = await store.list(accessKeys, keyScope, { owner: account })
  const value = records.find((record) => record.value.status === 'Active')?.value
  return value && { accessKeyId: value.accessKeyId, secretAccessKey: value.secretAccessKey }
}

async function keepRootKey(
  { store, clock }: EngineContext,
  options: IdentityOptions,
  keys: KeyPair,
): Promise<void> {
  const { account } = options
  const stored = await store.find(accessKeys, keyScope, keys.accessKeyId)
  if (stored) return
  try {
    await store.insert(
      accessKeys,
      { scope: keyScope, id: keys.accessKeyId, owner: account },
      { ...keys, holder: rootHolder(options), status: 'Active', createdAt: clock.now() },
    )
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
  }
}

/** The account itself: its id is its user id. */
export function rootHolder(scope: Scope): KeyHolder {
  return {
    arn: globalArnOf('iam', scope, 'root'),
    account: scope.account,
    userId: scope.account,
  }
}

function roleHolder(scope: Scope, role: Role, sessionName: string): KeyHolder {
  const partition = partitionOf(scope.region)
  return {
    arn: `arn:${partition}:sts::${scope.account}:assumed-role/${role.roleName}/${sessionName}`,
    account: scope.account,
    userId: `${role.roleId}:${sessionName}`,
  }
}

function trustsService(scope: Scope, role: Role, service: string): boolean {
  return [`${service}.amazonaws.com`, `${service}.${urlSuffixOf(scope.region)}`].some((name) =>
    trusts(role.trustPolicy, {
      trustee: { kind: 'service', name },
      action: 'sts:AssumeRole',
      conditionValues: {},
    }),
  )
}

function viewOf(profile: InstanceProfile): InstanceProfileView {
  return {
    arn: profile.arn,
    id: profile.profileId,
    name: profile.name,
    roleName: profile.roleName,
  }
}

function credentialsOf(session: Session): RoleCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = session
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt }
}
