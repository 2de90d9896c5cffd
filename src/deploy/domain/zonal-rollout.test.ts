import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zoneTurn, type ZonalConfig, type ZonalHost } from './zonal-rollout.ts'

const config: ZonalConfig = {
  firstZoneMonitorSeconds: 60,
  monitorSeconds: 30,
  minimumHealthyHostsPerZone: { type: 'FLEET_PERCENT', value: 0 },
}

/** `a:w a:d b:w`: hosts that wait, are under way, done or failed, last touched at 0. */
function hosts(text: string): ZonalHost[] {
  return text.split(' ').map((part) => {
    const [zone = '', state = ''] = part.split(':')
    return {
      zone,
      isWaiting: state === 'w',
      isUnderWay: state === 'u',
      isHealthy: state === 'w' || state === 'd',
      updatedAt: 0,
    }
  })
}

const at = (text: string, seconds: number, change: Partial<ZonalConfig> = {}) =>
  zoneTurn({ ...config, ...change }, hosts(text), seconds * 1000)

test('zones come in the order of their names', () => {
  const turn = at('b:w a:w a:w', 0)
  assert.ok(turn.state === 'open' && turn.zone === 'a' && turn.room === 2)
})

test('a zone that is done is watched before the next one begins, the first one for its own time', () => {
  assert.equal(at('a:d b:w', 59).state, 'monitoring')
  assert.equal(at('a:d b:w', 60).state, 'open')
  assert.equal(at('a:d b:d c:w', 29).state, 'monitoring')
  assert.equal(at('a:d b:d c:w', 30).state, 'open')
})

test('a zone that has begun is carried on; after the last one nothing is watched', () => {
  const turn = at('a:d b:u b:w', 0)
  assert.ok(turn.state === 'open' && turn.zone === 'b' && turn.room === 1)
  assert.equal(at('a:d b:f', 0).state, 'over')
})

test("a zone's own minimum leaves less room", () => {
  const minimumHealthyHostsPerZone = { type: 'HOST_COUNT', value: 2 } as const
  const turn = at('a:w a:w a:w b:w', 0, { minimumHealthyHostsPerZone })
  assert.ok(turn.state === 'open' && turn.room === 1 && turn.spare === 1)
})
