import type { PlantedBug } from './simulated-server.ts'

/** Bugs of the kinds that orchestrators really had; a simulation that does not find them is worth nothing. */
export const plantedBugs = {
  /** Nothing heard is taken for nothing there. */
  'an unknown inventory is an empty one': {
    instances: (instances) => ({
      ...instances,
      list: (scope) => instances.list(scope).catch(() => []),
    }),
  },
  /** A launch that is tried again is another launch. */
  'launches forget their token': {
    instances: (instances) => ({
      ...instances,
      launch(scope, request) {
        const { clientToken: _token, ...rest } = request
        return instances.launch(scope, rest)
      },
    }),
  },
  /** What was said to be done was not. */
  'starts are forgotten': {
    instances: (instances) => ({ ...instances, start: async () => {} }),
  },
  /** Who is told to leave is taken to have left. */
  'draining is not waited for': {
    targets: (targets) => ({
      ...targets,
      async list(scope, arn) {
        const all = await targets.list(scope, arn)
        return all?.filter((target) => target.state !== 'draining')
      },
    }),
  },
} as const satisfies Record<string, PlantedBug>
