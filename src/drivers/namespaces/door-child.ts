import { createServer } from 'node:net'

/** Runs inside a VPC's network namespace: opens the socket it is asked for, hands it to its parent and ends. */
const { address, port } = JSON.parse(process.argv[2] ?? '{}') as { address: string; port: number }

const server = createServer()
server.once('error', (error) => {
  process.stderr.write(error.message)
  process.exit(1)
})
server.listen(port, address, () => process.send?.('open', server, undefined, () => process.exit(0)))
