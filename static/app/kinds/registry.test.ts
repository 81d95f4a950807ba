import { describe, expect, it } from "vitest";
import { FACES } from "./registry";

describe("the API path of what is chosen", () => {
  it.each([
    ["pod", "default/redis", "/api/v1/namespaces/default/pods/redis"],
    ["node", "node-1", "/api/v1/nodes/node-1"],
    ["service", "web/front", "/api/v1/namespaces/web/services/front"],
    ["volume", "web/data-0", "/api/v1/namespaces/web/persistentvolumeclaims/data-0"],
    ["workload", "Deployment/web/front", "/apis/apps/v1/namespaces/web/deployments/front"],
    ["workload", "CronJob/web/tick", "/apis/batch/v1/namespaces/web/cronjobs/tick"],
  ] as const)("of the %s %s is %s", (kind, key, path) => {
    expect(FACES[kind].path(key)).toBe(path);
  });

  it("names the workload's own kind", () => {
    expect(FACES.workload.kind("Job/default/import")).toBe("Job");
    expect(FACES.workload.parts("Job/default/import")).toMatchObject({
      namespace: "default",
      name: "import",
    });
  });
});
