import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DataPlane } from '../../balance/data-plane.ts'
import type {
  HttpBehaviour,
  RuleCondition,
  Stickiness,
  TargetRouting,
} from '../../protocol/gateway.ts'
import {
  answering,
  ask,
  forwardToGroup,
  startBackend,
  statusesOf,
  until,
  untilHealthy,
  type BackendScript,
} from './data-plane-fixture.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

/** What every data plane must do about the choice of rules and targets, and of headers. */
export function dataPlaneRoutingSuite(name: string, create: Create): void {
  describe(`${name} as a router`, () => {
    conditions(create)
    stickiness(create)
    applicationStickiness(create)
    classicRouting(create)
    algorithms(create)
    forwardedHeaders(create)
  })
}

const stickyDefault: Stickiness = {
  isEnabled: true,
  type: 'lb_cookie',
  lbCookieSeconds: 60,
  appCookieName: '',
  appCookieSeconds: 60,
}
const routingDefault: TargetRouting = {
  algorithm: 'round_robin',
  slowStartSeconds: 0,
  stickiness: { ...stickyDefault, isEnabled: false },
}
const httpDefault: HttpBehaviour = {
  forwardedFor: 'append',
  hasClientPort: false,
  dropsInvalidHeaders: false,
  clientKeepAliveSeconds: 3600,
}

function conditions(create: Create): void {
  const cases: readonly [RuleCondition, matching: [string, string?], other: [string, string?]][] = [
    [{ field: 'method', values: ['DELETE'] }, ['DELETE / HTTP/1.1'], ['GET / HTTP/1.1']],
    [
      { field: 'header', name: 'User-Agent', values: ['*Chrome*', 'curl/?'] },
      ['GET / HTTP/1.1', 'USER-agent: CURL/8\r\n'],
      ['GET / HTTP/1.1', 'User-Agent: curl/88\r\n'],
    ],
    [
      { field: 'query', values: [{ key: 'version', value: 'v?' }, { value: 'any' }] },
      ['GET /p?a=b&Version=V2 HTTP/1.1'],
      ['GET /version=v2?version=v22 HTTP/1.1'],
    ],
    [
      { field: 'query', values: [{ value: 'any' }] },
      ['GET /p?whatever=any HTTP/1.1'],
      ['GET /any HTTP/1.1'],
    ],
  ]
  for (const [condition, matching, other] of cases) {
    test(`a rule's ${condition.field} condition holds, or does not`, async () => {
      const rules = [answerRule([condition]), forwardToGroup]
      await onStage(
        create,
        [answering('ok')],
        async ({ port }) => {
          assert.deepEqual(statusesOf(await ask(port, ...matching)), [418])
          assert.deepEqual(statusesOf(await ask(port, ...other)), [200])
        },
        { rules },
      )
    })
  }

  test('a source address is in a range, or not; all conditions of a rule must hold', async () => {
    const near: RuleCondition = { field: 'source', values: ['10.0.0.0/8', '127.0.0.0/8'] }
    const far: RuleCondition = { field: 'source', values: ['10.0.0.0/8'] }
    await onStage(create, [answering('ok')], async ({ port, apply }) => {
      await apply({ rules: [answerRule([near]), forwardToGroup] })
      assert.deepEqual(statusesOf(await ask(port)), [418])
      await apply({ rules: [answerRule([near, far]), forwardToGroup] })
      assert.deepEqual(statusesOf(await ask(port)), [200])
    })
  })
}

function answerRule(conditionsOfIt: readonly RuleCondition[]) {
  const action = { type: 'fixed-response', statusCode: 418, contentType: 'a/b', body: '' } as const
  return { id: 'r', conditions: conditionsOfIt, action }
}

function cookiesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/Set-Cookie: ([^=]+)=([^;\r]*)/g)].map((match) => [match[1]!, match[2]!]),
  )
}

function stickiness(create: Create): void {
  test('a balancer cookie keeps a client with its target, and another one when that is gone', async () => {
    const routing = { ...routingDefault, stickiness: stickyDefault }
    await onStage(
      create,
      ['a', 'b', 'c'].map(answering),
      async ({ port, backends, apply }) => {
        const first = await ask(port)
        assert.match(first, /Set-Cookie: AWSALB=[^;]+; Expires=[^;]+ GMT; Path=\/\r\n/)
        const cookies = cookiesOf(first)
        assert.equal(cookies.get('AWSALB'), cookies.get('AWSALBCORS'))
        const cookie = `Cookie: x=1; AWSALB=${cookies.get('AWSALB')}\r\n`
        for (let i = 0; i < 5; i++) {
          assert.equal((await ask(port, 'GET / HTTP/1.1', cookie)).at(-1), first.at(-1))
        }
        const at = 'abc'.indexOf(first.at(-1) ?? '')
        await apply({ backends: backends.filter((_, index) => index !== at) })
        const moved = await ask(port, 'GET / HTTP/1.1', cookie)
        assert.notEqual(moved.at(-1), first.at(-1))
        assert.notEqual(cookiesOf(moved).get('AWSALB'), cookies.get('AWSALB'))
      },
      { routing },
    )
  })

  test('a cookie that expired, or was never ours, binds nobody', async () => {
    const routing = { ...routingDefault, stickiness: { ...stickyDefault, lbCookieSeconds: -10 } }
    await onStage(
      create,
      ['a', 'b'].map(answering),
      async ({ port }) => {
        const expired = cookiesOf(await ask(port)).get('AWSALB') ?? ''
        for (const value of [expired, 'forged', '"', `${expired}x=`]) {
          const bodies = new Set<string | undefined>()
          for (let i = 0; i < 4; i++) {
            bodies.add((await ask(port, 'GET / HTTP/1.1', `Cookie: AWSALB=${value}\r\n`)).at(-1))
          }
          assert.equal(bodies.size, 2, value)
        }
      },
      { routing },
    )
  })
}

function classicRouting(create: Create): void {
  test('the cookie of classic balancers binds, for a time or for a session', async () => {
    for (const lbCookieSeconds of [60, 0]) {
      const sticky = { ...stickyDefault, isClassic: true, lbCookieSeconds } as const
      await onStage(
        create,
        ['a', 'b', 'c'].map(answering),
        async ({ port }) => {
          const first = await ask(port)
          assert.equal(/AWSELB=[^;]+; Expires=/.test(first), lbCookieSeconds > 0)
          const cookie = `Cookie: AWSELB=${cookiesOf(first).get('AWSELB')}\r\n`
          for (let i = 0; i < 5; i++) {
            assert.equal((await ask(port, 'GET / HTTP/1.1', cookie)).at(-1), first.at(-1))
          }
        },
        { routing: { ...routingDefault, stickiness: sticky } },
      )
    }
  })

  test('without a healthy target nobody is asked where a group fails closed', async () => {
    let isSick = false
    const script: BackendScript = (socket, text) => {
      if (!text.endsWith('\r\n\r\n')) return
      const status = isSick && text.startsWith('GET /health') ? '500 No' : '200 OK'
      socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)
    }
    const check = {
      protocol: 'http',
      path: '/health',
      intervalSeconds: 0.02,
      unhealthyThreshold: 2,
    } as const
    const routing = { ...routingDefault, failsClosed: true } as const
    await onStage(
      create,
      [script],
      async ({ port, plane }) => {
        assert.deepEqual(statusesOf(await ask(port)), [200])
        isSick = true
        await until('it is unhealthy', () => plane.report().targets[0]?.state === 'unhealthy')
        assert.deepEqual(statusesOf(await ask(port)), [503])
      },
      { routing, check },
    )
  })
}

function applicationStickiness(create: Create): void {
  test('an application cookie binds from the answer that sets it on', async () => {
    const app = { ...stickyDefault, type: 'app_cookie', appCookieName: 'SESSION' } as const
    const script =
      (name: string): BackendScript =>
      (socket, text) => {
        const set = text.includes('GET /login') ? 'Set-Cookie: SESSION=1; Path=/\r\n' : ''
        if (!text.endsWith('\r\n\r\n')) return
        socket.write(`HTTP/1.1 200 OK\r\n${set}Content-Length: 1\r\n\r\n${name}`)
      }
    await onStage(
      create,
      ['a', 'b'].map(script),
      async ({ port }) => {
        assert.equal(cookiesOf(await ask(port)).size, 0)
        const login = await ask(port, 'GET /login HTTP/1.1')
        const bound = `AWSALBAPP-0=${cookiesOf(login).get('AWSALBAPP-0')}`
        for (let i = 0; i < 4; i++) {
          const text = await ask(port, 'GET / HTTP/1.1', `Cookie: SESSION=1; ${bound}\r\n`)
          assert.equal(text.at(-1), login.at(-1))
        }
        const others = new Set<string | undefined>()
        for (let i = 0; i < 4; i++) {
          others.add((await ask(port, 'GET / HTTP/1.1', `Cookie: ${bound}\r\n`)).at(-1))
        }
        assert.equal(others.size, 2)
      },
      { routing: { ...routingDefault, stickiness: app } },
    )
  })
}

function algorithms(create: Create): void {
  test('the target with the fewest requests under way is chosen', async () => {
    const slow: BackendScript = () => undefined
    const routing = { ...routingDefault, algorithm: 'least_outstanding_requests' } as const
    await onStage(
      create,
      [slow, answering('b')],
      async ({ port, backends }) => {
        const hanging = ask(port)
        await until('one hangs', () => backends.some((one) => one.received !== ''))
        const also = backends[0]?.received === '' ? ask(port) : hanging
        await until('the slow one has it', () => backends[0]?.received !== '')
        for (let i = 0; i < 5; i++) assert.equal((await ask(port)).at(-1), 'b')
        for (const socket of backends[0]?.sockets ?? []) socket.destroy()
        await Promise.all([hanging, also])
      },
      { routing },
    )
  })

  test('targets are drawn by lot, each with its share and in no order', async () => {
    const routing = { ...routingDefault, algorithm: 'weighted_random' } as const
    await onStage(
      create,
      ['a', 'b'].map(answering),
      async ({ port }) => {
        let drawn = ''
        for (let i = 0; i < 60; i++) drawn += (await ask(port)).at(-1) ?? ''
        // By turn none comes twice in a row; by lot that, or one alone, happens once in some 10^17 times.
        assert.match(drawn, /aa|bb/)
        assert.match(drawn, /a.*b|b.*a/)
      },
      { routing },
    )
  })

  test('a target that is new beside others begins with a small share', async () => {
    const routing = { ...routingDefault, slowStartSeconds: 60 }
    await onStage(
      create,
      ['a', 'b'].map(answering),
      async ({ plane, port, backends, apply }) => {
        const counts = new Map<string, number>()
        const askMany = async (): Promise<void> => {
          counts.clear()
          for (let i = 0; i < 30; i++) {
            const name = (await ask(port)).at(-1) ?? ''
            counts.set(name, (counts.get(name) ?? 0) + 1)
          }
        }
        await askMany()
        assert.deepEqual([counts.get('a'), counts.get('b')], [15, 15])
        const third = await startBackend(answering('c'))
        await apply({ backends: [...backends, third] })
        await untilHealthy(plane, 3)
        await askMany()
        assert.ok((counts.get('c') ?? 0) <= 2, `the new one had ${counts.get('c')} of 30`)
        await third.close()
      },
      { routing },
    )
  })
}

function forwardedHeaders(create: Create): void {
  const more = 'X-Forwarded-For: 9.9.9.9\r\nX_Odd: 1\r\n'
  const cases: readonly [string, Partial<HttpBehaviour>, RegExp, RegExp][] = [
    [
      'preserved',
      { forwardedFor: 'preserve' },
      /X-Forwarded-For: 9\.9\.9\.9\r\n/i,
      /127\.0\.0\.1\r/,
    ],
    ['removed', { forwardedFor: 'remove' }, /X_Odd: 1/i, /X-Forwarded-For/i],
    ['with the port', { hasClientPort: true }, /9\.9\.9\.9, 127\.0\.0\.1:[0-9]+\r\n/, /\n\n/],
    [
      'with the port in Host',
      { namesPort: true },
      /\r\nHost: [a-z.]+:[0-9]+\r\n/i,
      /Host: [a-z.]+\r/i,
    ],
    ['without odd names', { dropsInvalidHeaders: true }, /9\.9\.9\.9, 127\.0\.0\.1\r\n/, /X_Odd/],
  ]
  for (const [what, behaviour, wanted, unwanted] of cases) {
    test(`headers go on ${what}`, async () => {
      await onStage(
        create,
        [answering('ok')],
        async ({ port, backends }) => {
          await ask(port, 'GET / HTTP/1.1', more)
          assert.match(backends[0]?.received ?? '', wanted)
          assert.doesNotMatch(backends[0]?.received ?? '', unwanted)
        },
        { http: { ...httpDefault, ...behaviour } },
      )
    })
  }

  test('a connection that is old enough serves its last request', async () => {
    await onStage(
      create,
      [answering('ok')],
      async ({ port }) => {
        const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
        const { exchangeBytes } = await import('./data-plane-fixture.ts')
        const text = await exchangeBytes(port, request)
        assert.match(text, /Connection: close/i)
      },
      { http: { ...httpDefault, clientKeepAliveSeconds: -1 } },
    )
  })
}
