import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../../kernel/errors.ts'
import type { MachineStatus } from '../../protocol/machine.ts'
import { faceOf, machineOf, networkOf, shell, until, type HostWorld } from './host-world.ts'

const vpc = 'vpc-compute'

/** The compute contract. `open` gives the one world of the suite; each test uses machines of its own and removes them. */
export function computeConformance(name: string, open: () => Promise<HostWorld>): void {
  let taken = 10
  const withMachine = (
    title: string,
    script: string | undefined,
    body: (world: HostWorld, launched: MachineStatus) => Promise<void>,
  ): void => {
    test(`${name}: ${title}`, async () => {
      const world = await open()
      const id = `i-${taken++}`
      const spec = networkOf(vpc, [faceOf(id, `10.0.1.${taken}`)], undefined, taken)
      await world.network.apply(spec)
      const launched = await world.compute.launch(machineOf(id, vpc, script))
      try {
        await body(world, launched)
      } finally {
        await world.compute.terminate(id)
      }
    })
  }
  lifeTests(withMachine)
  absenceTests(name, open)
  programTests(withMachine)
}

type WithMachine = (
  title: string,
  script: string | undefined,
  body: (world: HostWorld, launched: MachineStatus) => Promise<void>,
) => void

function lifeTests(withMachine: WithMachine): void {
  withMachine('launching a machine twice is one machine', undefined, async (world, launched) => {
    assert.equal(launched.phase, 'running')
    assert.deepEqual(await world.compute.launch(machineOf(launched.id, vpc)), launched)
    const { machines } = await world.compute.inventory()
    assert.equal(machines.filter((each) => each.id === launched.id).length, 1)
  })

  withMachine('an exit is told, and seen in the inventory', undefined, async (world, launched) => {
    const seen: MachineStatus[] = []
    const stop = world.compute.watch((status) => seen.push(status))
    await until('the watch is open', async () => !world.isReal || seen.length > 0)
    world.killMachine(launched)
    await until('the exit is told', () => seen.some((status) => status.phase === 'stopped'))
    stop()
    const { machines } = await world.compute.inventory()
    const found = machines.find((each) => each.id === launched.id)
    assert.equal(found?.phase, 'stopped')
    assert.equal(found?.pid, undefined)
    assert.ok(found?.reason)
  })

  withMachine(
    'a stopped machine starts again as another incarnation',
    undefined,
    async (world, launched) => {
      const stopped = await world.compute.stop(launched.id, 2000)
      assert.equal(stopped.phase, 'stopped')
      assert.equal((await world.compute.stop(launched.id, 2000)).phase, 'stopped')
      const started = await world.compute.start(launched.id)
      assert.equal(started.phase, 'running')
      assert.equal(started.incarnation, launched.incarnation + 1)
      assert.deepEqual(await world.compute.start(launched.id), started)
    },
  )

  withMachine(
    'machines outlive the host process and are adopted',
    undefined,
    async (world, launched) => {
      const before = await world.compute.inventory()
      await world.restartHost()
      const after = await world.compute.inventory()
      assert.notEqual(after.hostEpoch, before.hostEpoch)
      assert.deepEqual(
        after.machines.find((each) => each.id === launched.id),
        launched,
      )
      const told: MachineStatus[] = []
      const stop = world.compute.watch((status) => told.push(status))
      await until('the watch is open', async () => !world.isReal || told.length > 0)
      world.killMachine(launched)
      await until('the adopted exit is told', () => told.some((each) => each.phase === 'stopped'))
      stop()
    },
  )
}

function absenceTests(name: string, open: () => Promise<HostWorld>): void {
  test(`${name}: terminating what is not there succeeds`, async () => {
    await (await open()).compute.terminate('i-absent')
  })

  test(`${name}: stopping, starting and entering what is not there fails for good`, async () => {
    const { compute } = await open()
    const isFinal = (thrown: unknown): boolean =>
      thrown instanceof DriverError && !thrown.retryable && /i-absent/.test(thrown.message)
    await assert.rejects(compute.stop('i-absent', 0), isFinal)
    await assert.rejects(compute.start('i-absent'), isFinal)
    await assert.rejects(compute.console('i-absent', 10), isFinal)
    await assert.rejects(shell(compute, 'i-absent', 'true'), isFinal)
  })
}

const greeting = '#!/bin/sh\necho "first boot of $(hostname)"\n(sleep 300 &)\n'

function programTests(withMachine: WithMachine): void {
  withMachine(
    'user data runs once, on the console, and its children stay',
    greeting,
    async (world, { id }) => {
      if (!world.isReal) return
      const text = async (): Promise<string> => (await world.compute.console(id, 10_000)).toString()
      await until('user data speaks', async () => /first boot of/.test(await text()))
      const sleepers = async (): Promise<string> =>
        (await shell(world.compute, id, 'pgrep -xc sleep')).output
      await until('its child runs', async () => (await sleepers()) === '2')
      await shell(world.compute, id, 'echo kept > /var/kept')
      await world.compute.stop(id, 2000)
      await world.compute.start(id)
      assert.equal((await shell(world.compute, id, 'cat /var/kept')).output, 'kept')
      assert.equal((await text()).match(/first boot of/g)?.length, 1)
    },
  )

  withMachine(
    'a command has its user, its exit code and its end in time',
    undefined,
    async (world, { id }) => {
      if (!world.isReal) return
      const user = world.hasUsers ? 'ec2-user' : 'root'
      assert.deepEqual(await shell(world.compute, id, 'id -un; exit 7', user), {
        output: user,
        exitCode: 7,
      })
      const request = { machineId: id, command: ['sleep', '60'], timeoutMilliseconds: 100 }
      assert.equal((await world.compute.exec(request, {})).timedOut, true)
      assert.equal((await shell(world.compute, id, 'pgrep -xc sleep')).output, '1')
    },
  )

  withMachine('input reaches a command as it comes', undefined, async (world, { id }) => {
    if (!world.isReal) return
    let output = ''
    const input = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('one ')
      yield Buffer.from('two')
    }
    const request = { machineId: id, command: ['cat'] }
    await world.compute.exec(request, { input: input(), output: (_s, c) => void (output += c) })
    assert.equal(output, 'one two')
  })
}
