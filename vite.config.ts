import { defineConfig } from "vitest/config";

/** Builds the pages' scripts into static/dist; Django finds them through the manifest. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "static/dist",
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        admin: "static/app/admin.ts",
        classroom: "static/app/classroom.ts",
        landing: "static/app/landing.ts",
        waiting: "static/app/waiting.ts",
        wall: "static/app/wall.ts",
        workspace: "static/app/workspace.ts",
        review: "static/app/review.ts",
      },
    },
  },
  test: {
    include: ["static/app/**/*.test.ts"],
    environment: "node",
  },
});
