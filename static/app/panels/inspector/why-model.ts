/** The scheduler's explanation as a table of nodes by plugins. Pure. */
import { plural } from "../../words";

export interface FilterVerdict {
  passed: boolean;
  reason?: string;
}

export interface NodeScore {
  total: number;
  plugins: Record<string, { raw?: number; normalized?: number; weighted?: number }>;
}

export interface Attempt {
  time?: string | number;
  result: string;
  node?: string | null;
  message?: string;
  filters?: Record<string, Record<string, FilterVerdict>>;
  scores?: Record<string, NodeScore>;
  tie?: string[];
  victims?: (string | { namespace?: string; name: string })[];
}

export interface WhyCell {
  text: string;
  tone: "ok" | "no" | "none";
  title?: string;
}

export interface WhyRow {
  label: string;
  plugin: string;
  cells: WhyCell[];
}

export interface WhyTable {
  nodes: string[];
  /** Nodes that are not columns of their own. */
  left: number;
  filters: WhyRow[];
  /** Filters that let every shown node pass, told in one line. */
  quiet: WhyRow[];
  scores: WhyRow[];
  totals: WhyCell[] | null;
  chosen: string | null;
}

const COLUMNS_MAX = 12;
const NOTHING: WhyCell = { text: "–", tone: "none" };

/** The upstream names of plugins in the words people use. */
const LABELS: Record<string, string> = {
  NodeUnschedulable: "Unschedulable",
  NodeName: "Node name",
  TaintToleration: "Taints",
  NodeAffinity: "Node affinity",
  NodePorts: "Ports",
  NodeResourcesFit: "Resources",
  VolumeRestrictions: "Volume restrictions",
  NodeVolumeLimits: "Volume limits",
  VolumeBinding: "Volume binding",
  VolumeZone: "Volume zone",
  PodTopologySpread: "Topology spread",
  InterPodAffinity: "Pod affinity",
  NodeResourcesBalancedAllocation: "Balanced allocation",
  ImageLocality: "Image locality",
  DynamicResources: "Dynamic resources",
  NodeDeclaredFeatures: "Node features",
};

export function whyTable(attempt: Attempt): WhyTable {
  const filters = attempt.filters ?? {};
  const scores = attempt.scores ?? {};
  const all = orderedNodes(attempt);
  const nodes = all.slice(0, COLUMNS_MAX);
  const rows = pluginNames(filters, nodes).map((plugin) => filterRow(plugin, nodes, filters));
  const isQuiet = (row: WhyRow) => row.cells.every((cell) => cell.tone !== "no");
  const scored = Object.keys(scores).length > 0;
  return {
    nodes,
    left: all.length - nodes.length,
    filters: rows.filter((row) => !isQuiet(row)),
    quiet: rows.filter(isQuiet),
    scores: scored ? scoreRows(nodes, scores) : [],
    totals: scored
      ? nodes.map((node) => {
          const total = scores[node]?.total;
          return total === undefined ? NOTHING : { text: String(Math.round(total)), tone: "ok" };
        })
      : null,
    chosen: attempt.node || null,
  };
}

/** The chosen node, then by score, then the rejected, each by name. */
function orderedNodes(attempt: Attempt): string[] {
  const names = new Set([
    ...Object.keys(attempt.filters ?? {}),
    ...Object.keys(attempt.scores ?? {}),
  ]);
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (sorted.length <= COLUMNS_MAX) return sorted;
  const rank = (name: string) =>
    name === attempt.node ? Infinity : (attempt.scores?.[name]?.total ?? -1);
  return sorted.sort((a, b) => rank(b) - rank(a));
}

function pluginNames(
  filters: Record<string, Record<string, FilterVerdict>>,
  nodes: readonly string[],
): string[] {
  const names = new Set<string>();
  for (const node of nodes) for (const plugin in filters[node]) names.add(plugin);
  return [...names];
}

function filterRow(
  plugin: string,
  nodes: readonly string[],
  filters: Record<string, Record<string, FilterVerdict>>,
): WhyRow {
  const cells = nodes.map((node): WhyCell => {
    const verdict = filters[node]?.[plugin];
    if (!verdict) return NOTHING;
    if (verdict.passed) return { text: "ok", tone: "ok" };
    const reason = verdict.reason ?? "no";
    return { text: brief(reason), tone: "no", title: reason };
  });
  return { label: LABELS[plugin] ?? plugin, plugin, cells };
}

/** The last word says it: "Insufficient cpu" becomes cpu. */
function brief(reason: string): string {
  const resource = /^Insufficient (.+)$/.exec(reason)?.[1];
  if (resource) return resource;
  if (/taint/.test(reason)) return "taint";
  if (/unschedulable/.test(reason)) return "cordoned";
  if (/Too many pods/.test(reason)) return "full";
  return "no";
}

function scoreRows(nodes: readonly string[], scores: Record<string, NodeScore>): WhyRow[] {
  const plugins = new Set<string>();
  for (const node of nodes) for (const plugin in scores[node]?.plugins) plugins.add(plugin);
  return [...plugins].map((plugin) => ({
    label: (LABELS[plugin] ?? plugin) + weightWords(plugin, nodes, scores),
    plugin,
    cells: nodes.map((node): WhyCell => {
      const score = scores[node]?.plugins[plugin];
      if (!score) return NOTHING;
      const value = score.weighted ?? score.normalized ?? score.raw ?? 0;
      const title = `raw ${score.raw ?? "–"}, normalized ${score.normalized ?? "–"}`;
      return { text: String(Math.round(value)), tone: "ok", title };
    }),
  }));
}

/** " ×3" when a plugin's score counts three times. */
function weightWords(
  plugin: string,
  nodes: readonly string[],
  scores: Record<string, NodeScore>,
): string {
  for (const node of nodes) {
    const score = scores[node]?.plugins[plugin];
    if (!score?.normalized || score.weighted === undefined) continue;
    const weight = Math.round(score.weighted / score.normalized);
    return weight > 1 ? ` ×${weight}` : "";
  }
  return "";
}

/** "2 of 3 nodes could take it. node-2 won by 19 points." */
export function whySentence(attempt: Attempt): string {
  const filters = Object.entries(attempt.filters ?? {});
  const fitting = filters.filter(([, plugins]) =>
    Object.values(plugins).every((verdict) => verdict.passed),
  );
  if (attempt.result === "gated")
    return "Its scheduling gates hold it back; no node was looked at.";
  const could = `${fitting.length} of ${plural(filters.length, "node")} could take it.`;
  if (!attempt.node) return could;
  const totals = Object.entries(attempt.scores ?? {})
    .map(([node, score]) => ({ node, total: score.total }))
    .sort((a, b) => b.total - a.total);
  const winner = totals.find((one) => one.node === attempt.node);
  const second = totals.find((one) => one.node !== attempt.node);
  if (!winner || !second) return `${could} ${attempt.node} was chosen.`;
  const lead = Math.round(winner.total - second.total);
  if (lead <= 0) {
    const count = attempt.tie?.length || totals.filter((one) => one.total === winner.total).length;
    return `${could} ${count} scored the same; ${attempt.node} was drawn.`;
  }
  return `${could} ${attempt.node} won by ${lead} ${lead === 1 ? "point" : "points"}.`;
}
