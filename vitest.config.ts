import { defineConfig } from 'vitest/config'

const source = ['@miniprivacy/source']

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: [...source, 'node', 'import', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'docs/examples/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
