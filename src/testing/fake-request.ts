import type { Request, Service } from '../wire/service.ts'
import { firstRefused } from '../wire/accept.ts'

/** A request as the wire would make it, for calling operations without a server. */
function fakeRequest(changes: Partial<Request> = {}): Request {
  const account = changes.scope?.account ?? '000000000000'
  return {
    id: 'request-1',
    scope: { account, region: 'us-east-1' },
    principal: {
      arn: `arn:aws:iam::${account}:root`,
      account,
      userId: account,
      accessKeyId: undefined,
    },
    protocol: 'awsQuery',
    service: '',
    operation: '',
    headers: {},
    host: '127.0.0.1:4566',
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    setStatus() {},
    setHeader() {},
    ...changes,
  }
}

/** Calls one operation as the wire does: members that it does not accept are refused first. */
export async function call<Output = Record<string, never>>(
  service: Service,
  operation: string,
  input: object,
  changes: Partial<Request> = {},
): Promise<Output> {
  const bound = service.operations.get(operation)
  if (!bound) throw new Error(`${service.id} has no operation ${operation}`)
  const refused = firstRefused(input, bound.accepts)
  if (refused) throw service.refuseMember(refused, operation)
  const request = fakeRequest({ service: service.id, operation, ...changes })
  return (await bound.handle(input as never, request)) as Output
}
