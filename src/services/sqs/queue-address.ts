import type { Scope } from '../../kernel/scope.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Request } from '../../wire/service.ts'
import { accessDenied, invalidAddress, missingParameter } from './errors.ts'
import type { SqsDeps } from './service-deps.ts'

/** `http://127.0.0.1:4566/000000000000/jobs`. */
export function urlOf(
  host: string,
  queue: { readonly scope: Scope; readonly name: string },
): string {
  return `http://${host}/${queue.scope.account}/${queue.name}`
}

/** The queue of a URL, whatever its host: machines and the host call this endpoint by different names. */
export async function queueAt(
  { queues }: SqsDeps,
  { scope }: Pick<Request, 'scope'>,
  url: string | undefined,
): Promise<Queue> {
  if (!url) throw missingParameter('QueueUrl')
  const match = /^(?:https?:\/\/[^/]+\/)?\/?(\d{12})\/([^/?#]{1,80})\/?$/.exec(url)
  if (!match) throw invalidAddress(url)
  const [, account = '', name = ''] = match
  if (account !== scope.account) throw accessDenied(url)
  return queues.catalogue.require(scope, name)
}
