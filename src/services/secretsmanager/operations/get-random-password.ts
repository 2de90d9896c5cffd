import { randomPassword } from '../random-password.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const getRandomPassword: SecretsOperation<'GetRandomPassword'> = {
  accepts: {
    PasswordLength: true,
    ExcludeCharacters: true,
    ExcludeNumbers: true,
    ExcludePunctuation: true,
    ExcludeUppercase: true,
    ExcludeLowercase: true,
    IncludeSpace: true,
    RequireEachIncludedType: true,
  },
  async handle(input, _request, deps) {
    return { RandomPassword: randomPassword(deps.random, input) }
  },
}
