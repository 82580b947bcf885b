// Lets a reader explore a chart: read values at a cursor, look closer. The drawing, the description and
// the table say the same without it. Each chart's figures stand beside its drawing as JSON, see Plot.
(() => {
  "use strict";

  const HEIGHT = 340;
  const STEP = 0.5; // of the visible stretch, for one press of + or -

  const variable = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  const shown = (value) =>
    value === null || value === undefined
      ? "–"
      : value.toLocaleString("en-US", { maximumSignificantDigits: 4 });

  // A value as its axis says it; the axis that has names counts nines.
  const nameOf = (scale, value) => {
    if (scale.names.length === 0) {
      return shown(value) + " " + scale.label;
    }
    return shown(100 - 100 / 10 ** value) + " %";
  };

  const drawBehind = (plot) => (chart) => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const band of plot.bands) {
      const colour = variable(band.style);
      if (colour) {
        const from = chart.valToPos(band.from, "x", true);
        ctx.fillStyle = colour;
        ctx.fillRect(from, bbox.top, chart.valToPos(band.to, "x", true) - from, bbox.height);
      }
    }
    if (plot.limit !== null) {
      const y = chart.valToPos(plot.limit, "y", true);
      ctx.strokeStyle = variable("limit");
      ctx.setLineDash([3, 4]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  };

  const axis = (scale) => {
    const names = new Map(scale.names.map((each) => [each.at, each.name]));
    return {
      label: scale.label,
      labelFont: "12px system-ui, sans-serif",
      font: "11px system-ui, sans-serif",
      stroke: variable("soft"),
      grid: { stroke: variable("hair"), width: 1 },
      ticks: { stroke: variable("rule"), width: 1 },
      ...(names.size === 0
        ? {}
        : { splits: [...names.keys()], values: (_, at) => at.map((value) => names.get(value)) }),
    };
  };

  const build = (plot, box, values) => {
    const data = uPlot.join(plot.lines.map((line) => [line.x, line.y]));
    // Names each line, and its value where there is a cursor.
    const tell = (chart) => {
      const at = chart.cursor.idx;
      const pointed = at !== null && at !== undefined;
      values.replaceChildren();
      if (pointed) {
        const where = document.createElement("li");
        where.textContent = nameOf(plot.x, data[0][at]);
        values.append(where);
      }
      plot.lines.forEach((line, i) => {
        const value = pointed ? data[i + 1][at] : undefined;
        if (!pointed || value !== undefined) {
          const item = document.createElement("li");
          const key = document.createElement("span");
          key.className = "key " + line.style;
          item.append(key, pointed ? line.name + " " + shown(value) : line.name);
          values.append(item);
        }
      });
    };
    const chart = new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: true, y: false } },
        scales: {
          x: { time: false, distr: plot.x.logarithmic ? 3 : 1, range: (u, from, to) => [from, to] },
          y: {
            distr: plot.y.logarithmic ? 3 : 1,
            range: () => [plot.y.from, plot.y.to],
          },
        },
        series: [
          {},
          ...plot.lines.map((line) => ({
            label: line.name,
            stroke: variable(line.style.split(" ")[0]),
            width: 1.5,
            dash: line.style.includes("dashed") ? [5, 4] : undefined,
            alpha: line.style.includes("faint") ? 0.55 : 1,
            points: { show: data[0].length < 30 },
          })),
        ],
        axes: [axis(plot.x), { ...axis(plot.y), size: 62 }],
        hooks: { drawClear: [drawBehind(plot)], setCursor: [tell], ready: [tell] },
      },
      data,
      box,
    );
    chart.setScale("x", { min: plot.x.from, max: plot.x.to });
    return chart;
  };

  const moveTo = (chart, at) => {
    const x = chart.data[0];
    const index = Math.max(0, Math.min(x.length - 1, at));
    chart.setCursor({ left: chart.valToPos(x[index], "x"), top: chart.bbox.height / 2 / devicePixelRatio });
  };

  const zoom = (chart, plot, factor) => {
    const { min, max } = chart.scales.x;
    const at = chart.cursor.idx;
    const middle = at === null || at === undefined ? (min + max) / 2 : chart.data[0][at];
    const from = Math.max(plot.x.from, middle - (middle - min) * factor);
    const to = Math.min(plot.x.to, middle + (max - middle) * factor);
    if (to > from) {
      chart.setScale("x", { min: from, max: to });
    }
  };

  const onKey = (chart, plot) => (event) => {
    const at = chart.cursor.idx ?? -1;
    const acts = {
      ArrowRight: () => moveTo(chart, at + 1),
      ArrowLeft: () => moveTo(chart, at - 1),
      Home: () => moveTo(chart, 0),
      End: () => moveTo(chart, chart.data[0].length - 1),
      "+": () => zoom(chart, plot, STEP),
      "-": () => zoom(chart, plot, 1 / STEP),
      Escape: () => chart.setScale("x", { min: plot.x.from, max: plot.x.to }),
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  };

  for (const figure of document.querySelectorAll("figure.chart")) {
    const plot = JSON.parse(figure.querySelector("script").textContent);
    if (plot.lines.length === 0) {
      continue;
    }
    const title = figure.querySelector("figcaption").textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "explore";
    button.textContent = "Explore";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", "Explore: " + title);
    const live = document.createElement("div");
    live.className = "live";
    const box = document.createElement("div");
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute(
      "aria-label",
      title + ". Left and right arrow read values, plus and minus look closer and further, Escape shows all.",
    );
    const values = document.createElement("ul");
    values.className = "values";
    values.setAttribute("aria-live", "polite");
    values.setAttribute("aria-label", "Values at the cursor");
    live.append(box, values);
    figure.querySelector(".drawing").after(button, live);

    let chart = null;
    const draw = () => {
      if (chart !== null) {
        chart.destroy();
      }
      chart = build(plot, box, values);
    };
    button.addEventListener("click", () => {
      const exploring = figure.classList.toggle("exploring");
      button.setAttribute("aria-pressed", String(exploring));
      if (exploring) {
        draw();
        box.focus({ preventScroll: true });
      }
    });
    box.addEventListener("keydown", (event) => chart !== null && onKey(chart, plot)(event));
    new ResizeObserver(() => {
      if (chart !== null && box.clientWidth > 0) {
        chart.setSize({ width: box.clientWidth, height: HEIGHT });
      }
    }).observe(live);
    matchMedia("(prefers-color-scheme: dark)").addEventListener(
      "change",
      () => figure.classList.contains("exploring") && draw(),
    );
  }
})();
