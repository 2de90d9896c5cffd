import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsError, EngineRefusal } from '../kernel/errors.ts'
import { tellingRefusals } from './refusals.ts'
import { serviceOf, type Request } from './service.ts'

class LineRefusal extends EngineRefusal<'LineBusy' | 'NoSuchLine'> {}
class OtherRefusal extends EngineRefusal {}

const asAwsError = tellingRefusals(LineRefusal, { LineBusy: 'LineBusyException' })

function told(thrown: unknown): unknown {
  const call = {
    accepts: {},
    handle() {
      throw thrown
    },
  }
  const service = serviceOf(
    {},
    {
      id: 'lines',
      operations: { Call: call },
      refuseMember: (path) => new Error(path),
      asAwsError,
    },
  )
  const { handle } = service.operations.get('Call')!
  return handle({} as never, {} as Request).catch((reason: unknown) => reason)
}

test('a refusal of the engine leaves the service as its error, by the name of its shape', async () => {
  const busy = await told(new LineRefusal('LineBusy', 'It is spoken on.'))
  assert.ok(busy instanceof AwsError)
  assert.deepEqual([busy.code, busy.message], ['LineBusyException', 'It is spoken on.'])
  const unknown = await told(new LineRefusal('NoSuchLine', 'It is not there.'))
  assert.ok(unknown instanceof AwsError)
  assert.equal(unknown.code, 'NoSuchLine')
})

test('whatever else is thrown leaves the service as it is', async () => {
  const others = [new Error('broken'), new OtherRefusal('LineBusy', 'of another engine'), 'a text']
  for (const thrown of others) assert.equal(await told(thrown), thrown)
})
