import icon from "lucide-static/icons/hard-drive.svg?raw";
import { namespaced, objectPath, type Face } from "./face";

export const VOLUME: Face = {
  ref: "volume",
  icon,
  tabs: ["summary", "events", "yaml"],
  kind: () => "PersistentVolumeClaim",
  parts: namespaced,
  path: (key) => {
    const { namespace, name } = namespaced(key);
    return objectPath("v1", "persistentvolumeclaims", namespace, name);
  },
};
