import icon from "lucide-static/icons/server.svg?raw";
import type { Face } from "./face";

export const NODE: Face = {
  ref: "node",
  icon,
  tabs: ["summary", "events", "yaml"],
  kind: () => "Node",
  parts: (key) => ({ namespace: "", name: key }),
  path: (key) => `/api/v1/nodes/${encodeURIComponent(key)}`,
};
