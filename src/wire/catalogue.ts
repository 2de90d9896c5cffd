import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../kernel/assert.ts'
import { ServiceModel, type ModelHead, type RawModel } from './model.ts'

/** All models that we have, mounted or not. Heads are read at start; a model is loaded when it is first called. */
export interface Catalogue {
  readonly heads: readonly ModelHead[]
  load(id: string): ServiceModel
}

const defaultModelsDirectory = fileURLToPath(new URL('./models', import.meta.url))

/** The head comes first in a file and is far shorter than this. */
const headBytesMax = 4096
const endOfHead = /,\s*"operations"\s*:/

export function readCatalogue(directory: string = defaultModelsDirectory): Catalogue {
  const heads = readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readHead(join(directory, file)))
  const loaded = new Map<string, ServiceModel>()
  return {
    heads,
    load(id) {
      let model = loaded.get(id)
      if (!model) {
        const text = readFileSync(join(directory, `${id}.json`), 'utf8')
        model = new ServiceModel(JSON.parse(text) as RawModel)
        loaded.set(id, model)
      }
      return model
    },
  }
}

function readHead(path: string): ModelHead {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(headBytesMax)
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, headBytesMax, 0))
    const end = endOfHead.exec(text)
    assert(end, `${path}: the head does not come before "operations"`)
    return JSON.parse(`${text.slice(0, end.index)}}`) as ModelHead
  } finally {
    closeSync(file)
  }
}
