import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

// The desktop's bundle holds the desktop's host only. `VITE_HOST=fake npm run dev` and the tests take the fake bank.
export default defineConfig(({ mode }) => {
  const fake = mode === "test" || loadEnv(mode, ".", "VITE_")["VITE_HOST"] === "fake";
  return {
    plugins: [react()],
    clearScreen: false,
    server: { port: 5173, strictPort: true, host: "127.0.0.1" },
    resolve: { alias: { "#host": fake ? "/src/host/fake/index.ts" : "/src/host/tauri.ts" } },
    build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1_200 },
    test: { environment: "happy-dom", testTimeout: 60_000, setupFiles: ["src/test/setup.ts"], css: false },
  };
});
