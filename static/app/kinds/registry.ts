/** Every kind the picture can choose; one line per face. */
import type { RefKind } from "../state/state";
import type { Face } from "./face";
import { NODE } from "./node";
import { POD } from "./pod";
import { SERVICE } from "./service";
import { VOLUME } from "./volume";
import { WORKLOAD } from "./workload";

export const FACES: Record<RefKind, Face> = {
  pod: POD,
  node: NODE,
  service: SERVICE,
  volume: VOLUME,
  workload: WORKLOAD,
};
