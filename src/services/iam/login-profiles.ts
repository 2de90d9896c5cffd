import type { LoginProfile as LoginProfileShape } from '@aws-sdk/client-iam'
import type { LoginProfile, User } from '../../identity/records.ts'
import { noSuchEntity, passwordPolicyViolation } from './errors.ts'

const lengthMin = 8
const lengthMax = 128
const kindsMin = 3
const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]

/** The policy of an account that has none of its own. */
export function checkPassword(password: string | undefined): void {
  const text = password ?? ''
  if (text.length < lengthMin) {
    throw passwordPolicyViolation(`Password should have a minimum length of ${lengthMin}`)
  }
  if (text.length > lengthMax) {
    throw passwordPolicyViolation(`Password should have a maximum length of ${lengthMax}`)
  }
  if (kinds.filter((kind) => kind.test(text)).length < kindsMin) {
    throw passwordPolicyViolation(
      'Password should have at least three of: lowercase letters, uppercase letters, numbers, symbols',
    )
  }
}

export function loginProfileOf(user: User): LoginProfile {
  if (!user.loginProfile) throw noSuchEntity(`Login Profile for User ${user.userName}`)
  return user.loginProfile
}

export function loginProfileShape(user: User): LoginProfileShape {
  const { createdAt, isResetRequired } = loginProfileOf(user)
  return {
    UserName: user.userName,
    CreateDate: new Date(createdAt),
    PasswordResetRequired: isResetRequired,
  }
}
