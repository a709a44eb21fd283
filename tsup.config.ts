import { defineConfig } from 'tsup'

/** One entry per subpath of package.json, the command, and the report that `npm start` runs. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    fuse: 'src/fuse.ts',
    'uapi/index': 'src/uapi/index.ts',
    'schema/index': 'src/schema/index.ts',
    'codec/index': 'src/codec/index.ts',
    'codec/backends/parser': 'src/codec/backends/parser.ts',
    'codec/backends/struct': 'src/codec/backends/struct.ts',
    'codec/json/index': 'src/codec/json/index.ts',
    'validate/index': 'src/validate/index.ts',
    'kernel/index': 'src/kernel/index.ts',
    'metadata/index': 'src/metadata/index.ts',
    // in files of their own, so that package.json can name what takes their place in browsers
    'metadata/node': 'src/metadata/node.ts',
    'metadata/build/node': 'src/metadata/build/node.ts',
    'metadata/browser': 'src/metadata/browser.ts',
    'metadata/yaml/read/index': 'src/metadata/yaml/read/index.ts',
    'conformance/index': 'src/conformance/index.ts',
    'corpus/index': 'src/corpus/index.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  clean: true,
  dts: true,
  external: [/^node:/],
})
