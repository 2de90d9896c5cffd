import { readCatalogue } from './catalogue.ts'
import { Exchange } from './exchange.ts'
import { answerHttp } from './http-server.ts'
import { postObjectWith } from './post-object.ts'
import type { Reply } from './reply.ts'
import { Router } from './route.ts'
import type { Wire, WireOptions, WireRequest } from './wire.ts'

/** The AWS endpoint: every service's operations in every protocol that its clients speak. */
export function createWire(options: WireOptions): Wire {
  const catalogue = readCatalogue(options.modelsDirectory)
  const unknownMembers = new Map<string, number>()
  const surroundings = {
    options,
    router: new Router(catalogue),
    services: new Map(options.services.map((service) => [service.id, service])),
    unknownMembers,
  }
  const run = (request: WireRequest): Promise<Reply> => new Exchange(surroundings, request).run()
  const postObject = postObjectWith(options, catalogue, run)
  const exchange = (request: WireRequest): Promise<Reply> => postObject(request) ?? run(request)
  return {
    handle: (request, response) => answerHttp(request, response, exchange, options.log),
    exchange,
    unknownMembers,
  }
}
