import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The fake host is for development and tests only: another entry is taken for the desktop's bundle.
export default defineConfig(({ mode }) => ({
  plugins: [react()],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  resolve: {
    alias: { "#host": mode === "fake" || mode === "test" ? "/src/host/fake/index.ts" : "/src/host/tauri.ts" },
  },
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { environment: "happy-dom", testTimeout: 60_000, setupFiles: ["src/test/setup.ts"], css: false },
}));
