// The form of TrafficExtension (extensions.istio.io/v1alpha1), which no pinned package has yet: its fields and their
// values, written down from the published API of Istio 1.30 (istio/api, extensions/v1alpha1/traffic_extension.proto and
// wasm.proto; Apache License 2.0). Only what a Wasm extension can say: `lua` is left out. What types cannot say is in
// check.mjs.
import type { IObjectMeta } from "@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta";

interface Wasm {
  url: string;
  sha256?: string;
  imagePullPolicy?: "UNSPECIFIED_POLICY" | "IfNotPresent" | "Always";
  imagePullSecret?: string;
  pluginConfig?: {};
  pluginName?: string;
  failStrategy?: "FAIL_CLOSE" | "FAIL_OPEN" | "FAIL_RELOAD";
  vmConfig?: { env?: Array<{ name: string; value?: string; valueFrom?: "INLINE" | "HOST" }> };
  type?: "UNSPECIFIED_PLUGIN_TYPE" | "HTTP" | "NETWORK";
}

interface Common {
  phase?: "UNSPECIFIED" | "AUTHN" | "AUTHZ" | "STATS";
  priority?: number | null;
  match?: Array<{
    mode?: "UNDEFINED" | "CLIENT" | "SERVER" | "CLIENT_AND_SERVER";
    ports?: Array<{ number: number }>;
  }>;
  wasm: Wasm;
}

interface Reference {
  group?: string;
  kind: string;
  name: string;
}

// At most one of the two says which proxies are meant.
type Target =
  | { selector?: { matchLabels?: Record<string, string> }; targetRefs?: never }
  | { selector?: never; targetRefs?: Array<Reference> };

export interface ITrafficExtension {
  apiVersion: "extensions.istio.io/v1alpha1";
  kind: "TrafficExtension";
  metadata?: IObjectMeta;
  spec: Common & Target;
}
