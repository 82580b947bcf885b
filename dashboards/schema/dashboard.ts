import type { AnnotationQuery, Dashboard, VariableModel } from "@grafana/schema";

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
export type ClassicDashboard = Loosen<Omit<Dashboard, "annotations" | "templating">> & {
  annotations: { list: (Loosen<AnnotationQuery> & PrometheusAnnotation)[] };
  templating: { list: (Loosen<VariableModel> & Defined)[] };
};
