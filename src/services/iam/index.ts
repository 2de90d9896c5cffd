import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { addRoleToInstanceProfile } from './operations/add-role-to-instance-profile.ts'
import { addUserToGroup } from './operations/add-user-to-group.ts'
import { attachGroupPolicy } from './operations/attach-group-policy.ts'
import { attachRolePolicy } from './operations/attach-role-policy.ts'
import { attachUserPolicy } from './operations/attach-user-policy.ts'
import { createAccessKey } from './operations/create-access-key.ts'
import { createGroup } from './operations/create-group.ts'
import { createInstanceProfile } from './operations/create-instance-profile.ts'
import { createLoginProfile } from './operations/create-login-profile.ts'
import { createPolicy } from './operations/create-policy.ts'
import { createPolicyVersion } from './operations/create-policy-version.ts'
import { createRole } from './operations/create-role.ts'
import { createUser } from './operations/create-user.ts'
import { deleteAccessKey } from './operations/delete-access-key.ts'
import { deleteGroup } from './operations/delete-group.ts'
import { deleteGroupPolicy } from './operations/delete-group-policy.ts'
import { deleteInstanceProfile } from './operations/delete-instance-profile.ts'
import { deleteLoginProfile } from './operations/delete-login-profile.ts'
import { deletePolicy } from './operations/delete-policy.ts'
import { deletePolicyVersion } from './operations/delete-policy-version.ts'
import { deleteRole } from './operations/delete-role.ts'
import { deleteRolePolicy } from './operations/delete-role-policy.ts'
import { deleteServerCertificate } from './operations/delete-server-certificate.ts'
import { deleteUser } from './operations/delete-user.ts'
import { deleteUserPolicy } from './operations/delete-user-policy.ts'
import { detachGroupPolicy } from './operations/detach-group-policy.ts'
import { detachRolePolicy } from './operations/detach-role-policy.ts'
import { detachUserPolicy } from './operations/detach-user-policy.ts'
import { getAccountAuthorizationDetails } from './operations/get-account-authorization-details.ts'
import { getAccountSummary } from './operations/get-account-summary.ts'
import { getGroup } from './operations/get-group.ts'
import { getGroupPolicy } from './operations/get-group-policy.ts'
import { getInstanceProfile } from './operations/get-instance-profile.ts'
import { getLoginProfile } from './operations/get-login-profile.ts'
import { getPolicy } from './operations/get-policy.ts'
import { getPolicyVersion } from './operations/get-policy-version.ts'
import { getRole } from './operations/get-role.ts'
import { getRolePolicy } from './operations/get-role-policy.ts'
import { getServerCertificate } from './operations/get-server-certificate.ts'
import { getUser } from './operations/get-user.ts'
import { getUserPolicy } from './operations/get-user-policy.ts'
import { listAccessKeys } from './operations/list-access-keys.ts'
import { listAttachedGroupPolicies } from './operations/list-attached-group-policies.ts'
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts'
import { listAttachedUserPolicies } from './operations/list-attached-user-policies.ts'
import { listEntitiesForPolicy } from './operations/list-entities-for-policy.ts'
import { listGroupPolicies } from './operations/list-group-policies.ts'
import { listGroups } from './operations/list-groups.ts'
import { listGroupsForUser } from './operations/list-groups-for-user.ts'
import { listInstanceProfiles } from './operations/list-instance-profiles.ts'
import { listInstanceProfilesForRole } from './operations/list-instance-profiles-for-role.ts'
import { listPolicies } from './operations/list-policies.ts'
import { listPolicyVersions } from './operations/list-policy-versions.ts'
import { listRolePolicies } from './operations/list-role-policies.ts'
import { listRoleTags } from './operations/list-role-tags.ts'
import { listRoles } from './operations/list-roles.ts'
import { listServerCertificates } from './operations/list-server-certificates.ts'
import { listServerCertificateTags } from './operations/list-server-certificate-tags.ts'
import { listUserPolicies } from './operations/list-user-policies.ts'
import { listUserTags } from './operations/list-user-tags.ts'
import { listUsers } from './operations/list-users.ts'
import { putGroupPolicy } from './operations/put-group-policy.ts'
import { putRolePolicy } from './operations/put-role-policy.ts'
import { putUserPolicy } from './operations/put-user-policy.ts'
import { removeRoleFromInstanceProfile } from './operations/remove-role-from-instance-profile.ts'
import { removeUserFromGroup } from './operations/remove-user-from-group.ts'
import { setDefaultPolicyVersion } from './operations/set-default-policy-version.ts'
import { tagRole } from './operations/tag-role.ts'
import { tagServerCertificate } from './operations/tag-server-certificate.ts'
import { tagInstanceProfile } from './operations/tag-instance-profile.ts'
import { untagInstanceProfile } from './operations/untag-instance-profile.ts'
import { listInstanceProfileTags } from './operations/list-instance-profile-tags.ts'
import { tagPolicy } from './operations/tag-policy.ts'
import { untagPolicy } from './operations/untag-policy.ts'
import { listPolicyTags } from './operations/list-policy-tags.ts'
import { updateRoleDescription } from './operations/update-role-description.ts'
import { listAccountAliases } from './operations/list-account-aliases.ts'
import { listMFADevices } from './operations/list-mfa-devices.ts'
import { listSSHPublicKeys } from './operations/list-ssh-public-keys.ts'
import { listSigningCertificates } from './operations/list-signing-certificates.ts'
import { listServiceSpecificCredentials } from './operations/list-service-specific-credentials.ts'
import { tagUser } from './operations/tag-user.ts'
import { untagRole } from './operations/untag-role.ts'
import { untagServerCertificate } from './operations/untag-server-certificate.ts'
import { untagUser } from './operations/untag-user.ts'
import { updateAccessKey } from './operations/update-access-key.ts'
import { updateAssumeRolePolicy } from './operations/update-assume-role-policy.ts'
import { updateGroup } from './operations/update-group.ts'
import { updateLoginProfile } from './operations/update-login-profile.ts'
import { updateRole } from './operations/update-role.ts'
import { updateServerCertificate } from './operations/update-server-certificate.ts'
import { updateUser } from './operations/update-user.ts'
import { uploadServerCertificate } from './operations/upload-server-certificate.ts'
import type { IamDeps } from './service-deps.ts'
export type { IamDeps } from './service-deps.ts'
import { accessKeyType } from './stack-resources/access-key.ts'
import { groupType } from './stack-resources/group.ts'
import { instanceProfileType } from './stack-resources/instance-profile.ts'
import { managedPolicyType } from './stack-resources/managed-policy.ts'
import { policyType } from './stack-resources/policy.ts'
import { roleType } from './stack-resources/role.ts'
import { serverCertificateType } from './stack-resources/server-certificate.ts'
import { userToGroupAdditionType } from './stack-resources/user-to-group-addition.ts'
import { userType } from './stack-resources/user.ts'

/** AWS Identity and Access Management. */
export function iamService(deps: IamDeps): Service {
  return serviceOf(deps, {
    id: 'iam',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    operations,
  })
}

const operations = {
  AddRoleToInstanceProfile: addRoleToInstanceProfile,
  AddUserToGroup: addUserToGroup,
  AttachGroupPolicy: attachGroupPolicy,
  AttachRolePolicy: attachRolePolicy,
  AttachUserPolicy: attachUserPolicy,
  CreateAccessKey: createAccessKey,
  CreateGroup: createGroup,
  CreateInstanceProfile: createInstanceProfile,
  CreateLoginProfile: createLoginProfile,
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  CreateRole: createRole,
  CreateUser: createUser,
  DeleteAccessKey: deleteAccessKey,
  DeleteGroup: deleteGroup,
  DeleteGroupPolicy: deleteGroupPolicy,
  DeleteInstanceProfile: deleteInstanceProfile,
  DeleteLoginProfile: deleteLoginProfile,
  DeletePolicy: deletePolicy,
  DeletePolicyVersion: deletePolicyVersion,
  DeleteRole: deleteRole,
  DeleteRolePolicy: deleteRolePolicy,
  DeleteServerCertificate: deleteServerCertificate,
  DeleteUser: deleteUser,
  DeleteUserPolicy: deleteUserPolicy,
  DetachGroupPolicy: detachGroupPolicy,
  DetachRolePolicy: detachRolePolicy,
  DetachUserPolicy: detachUserPolicy,
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetAccountSummary: getAccountSummary,
  GetGroup: getGroup,
  GetGroupPolicy: getGroupPolicy,
  GetInstanceProfile: getInstanceProfile,
  GetLoginProfile: getLoginProfile,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  GetRole: getRole,
  GetRolePolicy: getRolePolicy,
  GetServerCertificate: getServerCertificate,
  GetUser: getUser,
  GetUserPolicy: getUserPolicy,
  ListAccessKeys: listAccessKeys,
  ListAttachedGroupPolicies: listAttachedGroupPolicies,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListAttachedUserPolicies: listAttachedUserPolicies,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  ListGroupPolicies: listGroupPolicies,
  ListGroups: listGroups,
  ListGroupsForUser: listGroupsForUser,
  ListInstanceProfiles: listInstanceProfiles,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  ListPolicies: listPolicies,
  ListPolicyVersions: listPolicyVersions,
  ListRolePolicies: listRolePolicies,
  ListRoleTags: listRoleTags,
  ListRoles: listRoles,
  ListServerCertificateTags: listServerCertificateTags,
  ListServerCertificates: listServerCertificates,
  ListUserPolicies: listUserPolicies,
  ListUserTags: listUserTags,
  ListUsers: listUsers,
  PutGroupPolicy: putGroupPolicy,
  PutRolePolicy: putRolePolicy,
  PutUserPolicy: putUserPolicy,
  RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
  RemoveUserFromGroup: removeUserFromGroup,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagRole: tagRole,
  TagServerCertificate: tagServerCertificate,
  TagInstanceProfile: tagInstanceProfile,
  UntagInstanceProfile: untagInstanceProfile,
  ListInstanceProfileTags: listInstanceProfileTags,
  TagPolicy: tagPolicy,
  UntagPolicy: untagPolicy,
  ListPolicyTags: listPolicyTags,
  UpdateRoleDescription: updateRoleDescription,
  ListAccountAliases: listAccountAliases,
  ListMFADevices: listMFADevices,
  ListSSHPublicKeys: listSSHPublicKeys,
  ListSigningCertificates: listSigningCertificates,
  ListServiceSpecificCredentials: listServiceSpecificCredentials,
  TagUser: tagUser,
  UntagRole: untagRole,
  UntagServerCertificate: untagServerCertificate,
  UntagUser: untagUser,
  UpdateAccessKey: updateAccessKey,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  UpdateGroup: updateGroup,
  UpdateLoginProfile: updateLoginProfile,
  UpdateRole: updateRole,
  UpdateServerCertificate: updateServerCertificate,
  UpdateUser: updateUser,
  UploadServerCertificate: uploadServerCertificate,
}

export function iamResourceTypes(deps: IamDeps): readonly ResourceType[] {
  return [
    accessKeyType(deps),
    groupType(deps),
    instanceProfileType(deps),
    managedPolicyType(deps),
    policyType(deps),
    roleType(deps),
    serverCertificateType(deps),
    userToGroupAdditionType(deps),
    userType(deps),
  ]
}
