import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { reasonOf } from '../../kernel/errors.ts'
import { openAdmin, type Admin } from '../admin.ts'
import { CommandFailure, UsageError, type Command, type CommandCall } from '../command.ts'
import { execOutput } from '../exec-output.ts'

interface Destination {
  readonly machineId: string
  /** Its own, within its VPC. */
  readonly address: string
  readonly port: number
}

/** Runs inside the machine, for one connection: both ways, each end told when the other one ends. */
const relay = `const [address, port] = process.argv.slice(1)
const socket = require('node:net').connect({ host: address, port: Number(port), allowHalfOpen: true })
socket.on('error', (error) => { process.stderr.write(error.message); process.exit(1) })
process.stdin.pipe(socket).pipe(process.stdout)`

/** Where instances' public addresses do not answer from the host, this leads into them. */
export const forward: Command = {
  name: 'forward',
  summary: 'lead a port of this host to a port of an instance',
  usage: 'MACHINE:PORT [--port PORT]',
  flags: { port: { kind: 'text', help: 'the port on 127.0.0.1', standard: 'a free one' } },
  async run(call) {
    const { machineId, port } = readDestination(call)
    const admin = openAdmin(call)
    const destination = { machineId, port, address: await addressOf(admin, machineId) }
    const open = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      carry(admin, socket, destination).catch((thrown: unknown) => {
        // Whoever hung up does not ask why.
        if (socket.destroyed) return
        process.stderr.write(`${machineId}:${port}: ${reasonOf(thrown)}\n`)
        socket.destroy()
      })
    })
    const local = await listen(server, readPort(call.text('port') ?? '0', 0))
    const told = call.switched('json')
      ? JSON.stringify({ address: '127.0.0.1', port: local, machineId, machinePort: port })
      : `127.0.0.1:${local} leads to ${machineId}:${port}; end with Ctrl-C`
    process.stdout.write(`${told}\n`)
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    server.close()
    for (const socket of open) socket.destroy()
    return 0
  },
}

function readDestination(call: CommandCall): { machineId: string; port: number } {
  const [, machineId, port] = /^([^:]+):([^:]+)$/.exec(call.positionals[0] ?? '') ?? []
  if (machineId === undefined || port === undefined) {
    throw new UsageError('forward MACHINE:PORT, such as forward i-0123456789abcdef0:22')
  }
  return { machineId, port: readPort(port, 1) }
}

function readPort(text: string, least: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= least && port <= 65_535) return port
  throw new UsageError(`${text} is no port: one is a number from ${least} to 65535`)
}

async function addressOf(admin: Admin, machineId: string): Promise<string> {
  const { Reservations = [] } = await admin.call<{
    Reservations?: readonly {
      Instances?: readonly { PrivateIpAddress?: string; State?: { Name?: string } }[]
    }[]
  }>('ec2', 'DescribeInstances', { InstanceIds: [machineId] })
  const [instance] = Reservations.flatMap((reservation) => reservation.Instances ?? [])
  if (instance?.PrivateIpAddress !== undefined && instance.State?.Name === 'running') {
    return instance.PrivateIpAddress
  }
  throw new CommandFailure(`${machineId} is ${instance?.State?.Name ?? 'not there'}, not running`)
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (thrown) {
    throw new CommandFailure(`port ${port} of 127.0.0.1 is not to be had: ${reasonOf(thrown)}`)
  }
  return (server.address() as AddressInfo).port
}

/** One connection, until both sides have ended. */
async function carry(admin: Admin, socket: Socket, to: Destination): Promise<void> {
  socket.on('error', () => socket.destroy())
  // Machines without namespaces of their own have addresses of the host's loopback.
  if (admin.installation.driver === 'process') return join(socket, to)
  const command = ['/opt/evenkeel/bin/node', '-e', relay, to.address, String(to.port)]
  const ended = new AbortController()
  socket.once('close', () => ended.abort())
  let complaint = ''
  const order = { machine: to.machineId, command }
  for await (const output of execOutput(admin, order, socket, ended.signal)) {
    if ('exitCode' in output) {
      if (output.exitCode !== 0) throw new CommandFailure(complaint)
      socket.end()
    } else if (output.stream === 'stderr') complaint += output.bytes.toString()
    else if (!socket.write(output.bytes)) await once(socket, 'drain')
  }
}

async function join(socket: Socket, { address, port }: Destination): Promise<void> {
  const inside = connect({ host: address, port, allowHalfOpen: true })
  socket.once('close', () => inside.destroy())
  await once(inside, 'connect')
  inside.on('error', () => socket.destroy())
  socket.pipe(inside).pipe(socket)
}
