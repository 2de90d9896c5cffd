import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { extractModel, modelText } from '../../tools/extract-models.ts'
import { modelSources } from '../../tools/model-services.ts'

test('the committed models are those of the installed clients', () => {
  for (const [id, source] of Object.entries(modelSources)) {
    const committed = readFileSync(
      new URL(`../../src/wire/models/${id}.json`, import.meta.url),
      'utf8',
    )
    const isSame = modelText(extractModel(id, source)) === committed
    assert.ok(isSame, `${id} has drifted: run node tools/extract-models.ts, then the oracle test`)
  }
})
