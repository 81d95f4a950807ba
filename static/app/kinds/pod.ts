import icon from "lucide-static/icons/box.svg?raw";
import { namespaced, objectPath, type Face } from "./face";

export const POD: Face = {
  ref: "pod",
  icon,
  tabs: ["summary", "why", "events", "logs", "yaml"],
  kind: () => "Pod",
  parts: namespaced,
  path: (key) => {
    const { namespace, name } = namespaced(key);
    return objectPath("v1", "pods", namespace, name);
  },
};
