/** One job over an image in a file, in a process of its own: prints the most memory that the process ever had, and the seconds of the job. */
import { allocationOf, deviceIndex, entries, imageFindings, indexLog, openImageFile, replay, verify } from '../src/metadata/index.ts'
import type { ImageFile } from '../src/metadata/node.ts'
import { peak } from './peak.ts'

async function count(list: AsyncIterable<unknown> | Iterable<unknown>): Promise<number> {
  let n = 0
  for await (const _ of list) n++
  return n
}

/** What is done; the result says how much of it there was. */
const jobs: Readonly<Record<string, (image: ImageFile) => Promise<number>>> = {
  open: async image => image.log?.used ?? 0,
  verify: image => verify(image, ({ index }) => process.exit(2 + (index & 1))),
  entries: image => count(entries(image)),
  index: async image => (await indexLog(image)).count,
  findings: async image => (await imageFindings(image)).length,
  replay: async image => (await replay(image)).tree.count,
  overlaps: async image => {
    const tree = await replay(image)
    return Number(allocationOf(tree).collisions) + (await count(deviceIndex(tree).overlaps()))
  },
}

const [name = '', path = ''] = process.argv.slice(2)
const start = performance.now()
const job = jobs[name]
let result = 0
if (job !== undefined) {
  const image = await openImageFile(path)
  result = await job(image)
  image.close()
}
console.log(JSON.stringify({ peak: peak(), seconds: (performance.now() - start) / 1000, result }))
