import type {
  APIErrorType,
  BatchGetSecretValueCommandInput,
  SecretValueEntry,
} from '@aws-sdk/client-secrets-manager'
import { AwsError } from '../../../kernel/errors.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { invalidParameter } from '../errors.ts'
import { filteredSecrets } from '../filters.ts'
import { isOver, needSecret } from '../find-secret.ts'
import { pageBy } from '../paging.ts'
import { secrets } from '../secret.ts'
import type { SecretsDeps, SecretsOperation } from '../service-deps.ts'
import { shownValue } from '../shown-value.ts'

const secretsMax = 20

/** Current values. One that cannot be told is told of among the errors, and the others come. */
export const batchGetSecretValue: SecretsOperation<'BatchGetSecretValue'> = {
  accepts: {
    SecretIdList: true,
    Filters: { Key: true, Values: true },
    MaxResults: true,
    NextToken: true,
  },
  async handle(input, { scope }, deps) {
    check(input)
    const listed = input.SecretIdList
      ? { items: input.SecretIdList, token: {} }
      : await matching(deps, scope, input)
    const SecretValues: SecretValueEntry[] = []
    const Errors: APIErrorType[] = []
    for (const SecretId of listed.items) {
      try {
        SecretValues.push(await shownValue(deps, await needSecret(deps, scope, SecretId)))
      } catch (thrown) {
        if (!(thrown instanceof AwsError)) throw thrown
        Errors.push({ SecretId, ErrorCode: thrown.code, Message: thrown.message })
      }
    }
    return { SecretValues, Errors, ...listed.token }
  },
}

type Input = BatchGetSecretValueCommandInput

async function matching(
  deps: SecretsDeps,
  scope: Scope,
  { Filters = [], MaxResults = secretsMax, NextToken }: Input,
) {
  const all = (await deps.store.list(secrets, scope)).map(({ value }) => value)
  const shown = all.filter((secret) => !isOver(deps, secret) && !secret.deletion)
  const wish = { MaxResults, NextToken }
  const { items, token } = pageBy(filteredSecrets(shown, Filters), ({ name }) => name, wish)
  return { items: items.map(({ arn }) => arn), token }
}

function check({ SecretIdList, Filters, MaxResults, NextToken }: Input): void {
  if ((SecretIdList === undefined) === (Filters === undefined)) {
    throw invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.")
  }
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > secretsMax)) {
    throw invalidParameter(`MaxResults must be between 1 and ${secretsMax}.`)
  }
  if (!SecretIdList) return
  if (MaxResults !== undefined || NextToken !== undefined) {
    throw invalidParameter('MaxResults and NextToken are for requests with Filters.')
  }
  if (SecretIdList.length < 1 || SecretIdList.length > secretsMax) {
    throw invalidParameter(`SecretIdList must have between 1 and ${secretsMax} members.`)
  }
}
