import { RefusedCall, type Admin } from './admin.ts'
import type { AgentIdentity } from './agent-files.ts'

/** What AWS's own `aws deploy register` makes: a user below this path, who may read bundles. */
const userPath = '/AWS/CodeDeploy/'
const policyName = 'codedeploy-agent'
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }],
}

/** Makes the user and its key, registers the server and tags it. Done again, it gives a new key in place of the old. */
export async function registerServer(
  admin: Admin,
  name: string,
  tags: readonly { readonly Key: string; readonly Value: string }[],
): Promise<AgentIdentity> {
  const UserName = name
  await unless('EntityAlreadyExists', admin.call('iam', 'CreateUser', { UserName, Path: userPath }))
  const { User } = await admin.call<{ User: { Arn: string } }>('iam', 'GetUser', { UserName })
  const PolicyDocument = JSON.stringify(policy)
  await admin.call('iam', 'PutUserPolicy', { UserName, PolicyName: policyName, PolicyDocument })
  await unless(
    'InstanceNameAlreadyRegisteredException',
    admin.call('codedeploy', 'RegisterOnPremisesInstance', {
      instanceName: name,
      iamUserArn: User.Arn,
    }),
  )
  if (tags.length > 0) {
    const input = { instanceNames: [name], tags }
    await admin.call('codedeploy', 'AddTagsToOnPremisesInstances', input)
  }
  await removeKeys(admin, name)
  const { AccessKey } = await admin.call<{
    AccessKey: { AccessKeyId: string; SecretAccessKey: string }
  }>('iam', 'CreateAccessKey', { UserName })
  return {
    region: admin.installation.region,
    userArn: User.Arn,
    accessKeyId: AccessKey.AccessKeyId,
    secretAccessKey: AccessKey.SecretAccessKey,
  }
}

/** The server's registration, its user and all that the user has. Doing it twice is no mistake. */
export async function deregisterServer(admin: Admin, name: string): Promise<void> {
  const UserName = name
  await admin.call('codedeploy', 'DeregisterOnPremisesInstance', { instanceName: name })
  await unless('NoSuchEntity', removeKeys(admin, name))
  const PolicyName = policyName
  await unless('NoSuchEntity', admin.call('iam', 'DeleteUserPolicy', { UserName, PolicyName }))
  await unless('NoSuchEntity', admin.call('iam', 'DeleteUser', { UserName }))
}

async function removeKeys(admin: Admin, UserName: string): Promise<void> {
  const { AccessKeyMetadata = [] } = await admin.call<{
    AccessKeyMetadata?: readonly { AccessKeyId: string }[]
  }>('iam', 'ListAccessKeys', { UserName })
  for (const { AccessKeyId } of AccessKeyMetadata) {
    await admin.call('iam', 'DeleteAccessKey', { UserName, AccessKeyId })
  }
}

/** Whether it was done; false where it was refused with this code. */
async function unless(code: string, calling: Promise<unknown>): Promise<boolean> {
  try {
    await calling
    return true
  } catch (thrown) {
    if (thrown instanceof RefusedCall && thrown.code.startsWith(code)) return false
    throw thrown
  }
}
