import type { AnnotationQuery, Dashboard, FieldConfigSource, Panel, RowPanel, VariableModel } from "@grafana/schema";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as states from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as lines from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/** The same type with the values of its string enums instead of their names, as JSON has them. */
type Loosen<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer E)[]
      ? Loosen<E>[]
      : T extends object
        ? { [K in keyof T]: Loosen<T[K]> }
        : T;

/** The same type with nothing required at any depth: Grafana fills in a panel's defaults. */
type Sparse<T> = T extends readonly (infer E)[]
  ? Sparse<E>[]
  : T extends object
    ? { [K in keyof T]?: Sparse<T[K]> }
    : T;

/** A panel of one kind. The schema leaves options and custom fields open; each kind has types of its own. */
type PanelOf<Type extends string, Options, Custom> = Loosen<Omit<Panel, "type" | "options" | "fieldConfig">> & {
  type: Type;
  options: Sparse<Loosen<Options>>;
  fieldConfig: Loosen<Omit<FieldConfigSource, "defaults">> & {
    defaults: Loosen<Omit<FieldConfigSource["defaults"], "custom">> & { custom?: Sparse<Loosen<Custom>> };
  };
};

type AnyPanel =
  | PanelOf<"stat", stat.Options, never>
  | PanelOf<"timeseries", lines.Options, lines.FieldConfig>
  | PanelOf<"heatmap", heatmap.Options, heatmap.FieldConfig>
  | PanelOf<"state-timeline", states.Options, states.FieldConfig>
  | Loosen<RowPanel>;

/** What Grafana's Prometheus data source adds to an annotation; the schema leaves it to each source. */
interface PrometheusAnnotation {
  expr: string;
  step: string;
  titleFormat: string;
  textFormat?: string;
  tagKeys: string;
  useValueForTime?: boolean;
}

/** Grafana saves a variable's query as text beside it, which the schema does not mention. */
interface Defined {
  definition?: string;
}

/** Grafana's classic dashboard, as it stands in a file. */
export type ClassicDashboard = Loosen<Omit<Dashboard, "annotations" | "panels" | "templating">> & {
  annotations: { list: (Loosen<AnnotationQuery> & PrometheusAnnotation)[] };
  panels: AnyPanel[];
  templating: { list: (Loosen<VariableModel> & Defined)[] };
};
