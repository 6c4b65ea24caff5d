import { defineConfig } from 'vitest/config'

const source = ['@miniprivacy/source']

export default defineConfig({
  ssr: { resolve: { conditions: source } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'docs/examples/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
