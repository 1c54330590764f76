import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    environment: 'jsdom',
    setupFiles: ['tests/setup.ts'],
    include: ['tests/**/*.test.ts'],
    server: { deps: { inline: [/@jupyterlab/, /@jupyter\//, /@jupyter-widgets/, /@lumino/] } }
  }
});
