import type { Deployment } from './deployment.ts'
import type { DeployWorld } from './deploy-world.ts'
import { signedEnvelope, signingIdentity } from './envelope-signer.ts'
import { specificationOf } from './specification.ts'

/** Of deployments in use at a time; above it the oldest is signed anew. */
const keptMax = 500

/** Signs specifications, each once while it stays what it is: all hosts of a deployment are told the same, for each of its events. */
export function envelopesOf(world: DeployWorld): (deployment: Deployment) => Promise<string> {
  const { store, clock } = world.context
  const kept = new Map<string, Promise<string>>()

  async function sign(content: string): Promise<string> {
    return signedEnvelope(content, await signingIdentity(store, clock.now()))
  }

  return (deployment) => {
    const content = JSON.stringify(specificationOf(deployment))
    const known = kept.get(content)
    if (known) return known
    const [oldest] = kept.keys()
    if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest)
    const signed = sign(content)
    kept.set(content, signed)
    signed.catch(() => kept.delete(content))
    return signed
  }
}
