/** An object as the cluster stores it, in YAML. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import copyIcon from "lucide-static/icons/copy.svg?raw";
import pencil from "lucide-static/icons/pencil.svg?raw";
import { asWritten, type KubeObject } from "../../api/cluster";
import { icon } from "../../elements/icon";
import { LiveElement } from "../../elements/live";
import { FACES } from "../../kinds/registry";
import { cluster } from "../../session/context";
import { openInEditor } from "../../session/examples";
import { copyText } from "../../session/sharing";
import { parseRef } from "../../state/address";
import { dispatch, mayWrite, scene } from "../../state/store";
import { Loader } from "./loading";
import { yamlParts } from "./yaml-lines";

/** Where the details take the editor's place; the same number is in workspace.css. */
const NARROW = 1180;

interface Shown {
  object: KubeObject;
  text: string;
}

export class YamlPanel extends LiveElement {
  static override properties = { ref: {} };
  declare ref: string;

  private readonly isWhole = signal(false);
  private readonly loader = new Loader<Shown>(async (key, stop) => {
    const ref = parseRef(key.split(" ")[0] ?? "");
    if (!ref) throw new Error(`no object ${key}`);
    const object = await cluster().get(FACES[ref.kind].path(ref.key), stop);
    const { stringify } = await import("yaml");
    const { managedFields: _fields, ...metadata } = object.metadata;
    const plain = key.endsWith(" whole") ? object : ({ ...object, metadata } as KubeObject);
    return { object, text: stringify(plain, { lineWidth: 0, indentSeq: false }) };
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader.close();
  }

  protected override render(): TemplateResult {
    const ref = parseRef(this.ref);
    this.loader.want(
      this.ref + (this.isWhole.value ? " whole" : ""),
      ref && this.version(ref.kind, ref.key),
    );
    const { value, problem } = this.loader.state.value;
    if (problem) return html`<p class="inspector-note">${problem}</p>`;
    if (!value) return html`<p class="inspector-note">Asking the cluster.</p>`;
    return html`<div class="yaml">
      <div class="yaml-head">
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.isWhole.value}
            @change=${(event: Event) =>
              (this.isWhole.value = (event.target as HTMLInputElement).checked)}
          />
          Managed fields
        </label>
        <span class="grow"></span>
        ${
          mayWrite.value
            ? html`<button
                type="button"
                class="button quiet"
                @click=${() => void this.edit(value.object)}
              >
                ${icon(pencil, "small")}Edit
              </button>`
            : nothing
        }
        <button
          type="button"
          class="button quiet"
          @click=${() => void copyText(value.text, "YAML")}
        >
          ${icon(copyIcon, "small")}Copy
        </button>
      </div>
      <pre class="yaml-text" tabindex="0" aria-label="YAML">
${value.text
          .replace(/\n$/, "")
          .split("\n")
          .map(
            (line) =>
              html`<span class="yaml-line"
                >${yamlParts(line).map(
                  (part) =>
                    html`<span class=${part.kind ? `yaml-${part.kind}` : ""}>${part.text}</span>`,
                )}
              </span>`,
          )}</pre>
    </div>`;
  }

  /** Changes whenever the picture's own entry does, so that the YAML is asked for again. */
  private version(kind: string, key: string): unknown {
    const now = scene.value;
    if (kind === "pod") return now.pods.get(key);
    if (kind === "node") return now.nodes.get(key);
    if (kind === "service") return now.services.get(key);
    if (kind === "volume") return now.volumes.get(key);
    return now.workloads.get(key);
  }

  private async edit(object: KubeObject): Promise<void> {
    const { stringify } = await import("yaml");
    const text = stringify(asWritten(object), { lineWidth: 0, indentSeq: false });
    openInEditor(`${object.metadata.name}.yaml`, text);
    dispatch({ type: "editor", isOpen: true });
    dispatch({ type: "phone-tab", tab: "yaml" });
    if (innerWidth <= NARROW) dispatch({ type: "select", selection: null });
  }
}

customElements.define("py-object-yaml", YamlPanel);
