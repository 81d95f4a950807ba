import icon from "lucide-static/icons/network.svg?raw";
import { namespaced, objectPath, type Face } from "./face";

export const SERVICE: Face = {
  ref: "service",
  icon,
  tabs: ["summary", "events", "yaml"],
  kind: () => "Service",
  parts: namespaced,
  path: (key) => {
    const { namespace, name } = namespaced(key);
    return objectPath("v1", "services", namespace, name);
  },
};
