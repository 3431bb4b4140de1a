// Draws the risk over time from the table beside it: one source, so the two cannot differ.
"use strict";
(() => {
  const DAY = 86400;
  const seconds = (day) => Date.parse(day + "T00:00:00Z") / 1000;
  // Computed through an element, because a token may hold light-dark().
  const resolved = (token) => {
    const probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
    probe.style.color = `var(${token})`;
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  // Each kind of happening has a shape of its own beside its colour, as in the legend.
  const marks = {
    held: [(ctx, x, y, r) => { ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.fillStyle = resolved("--card"); ctx.fill(); ctx.stroke(); }, "--accent"],
    missed: [(ctx, x, y, r) => { ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r); ctx.stroke(); }, "--eleve"],
    support: [(ctx, x, y, r) => { ctx.moveTo(x, y - 1.3 * r); ctx.lineTo(x + 1.3 * r, y); ctx.lineTo(x, y + 1.3 * r); ctx.lineTo(x - 1.3 * r, y); ctx.fill(); }, "--faible"],
    event: [(ctx, x, y, r) => { ctx.fillRect(x - r, y - r, 2 * r, 2 * r); }, "--modere"],
  };

  const read = (table) => [...table.tBodies[0].rows].map((row) => ({
    at: seconds(row.dataset.day), risk: row.dataset.risk === undefined ? null : Number(row.dataset.risk), mark: row.dataset.mark,
  }));
  const riskAt = (points, at) => {
    const before = points.filter((point) => point.at <= at).at(-1) ?? points[0];
    const after = points.find((point) => point.at > at) ?? before;
    if (after.at === before.at) return before.risk;
    return before.risk + (after.risk - before.risk) * Math.max(0, (at - before.at) / (after.at - before.at));
  };
  const drawMarks = (happened, points) => (plot) => {
    const { ctx } = plot;
    ctx.save();
    ctx.lineWidth = 2.5 * devicePixelRatio;
    ctx.setLineDash([]);
    happened.forEach(({ at, mark }) => {
      const [draw, token] = marks[mark] ?? marks.event;
      ctx.strokeStyle = ctx.fillStyle = resolved(token);
      const x = plot.valToPos(at, "x", true);
      if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) return;
      ctx.beginPath();
      draw(ctx, x, plot.valToPos(riskAt(points, at), "y", true), 5 * devicePixelRatio);
    });
    ctx.restore();
  };

  const options = (figure, width, happened, points, top) => {
    const language = document.documentElement.lang;
    const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
    const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
    const axis = { stroke: resolved("--ink-soft"), grid: { stroke: resolved("--line"), width: 1 }, ticks: { show: false }, font: "13px sans-serif" };
    return {
      width, height: 255, legend: { show: false }, cursor: { show: false }, tzDate: (ts) => new Date(ts * 1000),
      padding: [12, 14, 0, 0],
      scales: { x: { time: true, range: (plot, low, high) => [low - 2 * DAY, high + 2 * DAY] }, y: { range: [0, top] } },
      axes: [
        { ...axis, space: 90, values: (plot, values) => values.map((value) => day.format(new Date(value * 1000))) },
        { ...axis, size: 64, values: (plot, values) => values.map((value) => percent.format(value)) },
      ],
      series: [{}, { label: figure.dataset.riskLabel, stroke: resolved("--accent"), width: 3, points: { show: points.length < 3 } },
        { label: figure.dataset.averageLabel, stroke: resolved("--ink-soft"), width: 1.5, dash: [4, 5], points: { show: false } }],
      hooks: { draw: [drawMarks(happened, points)] },
    };
  };

  const draw = (figure) => {
    const rows = read(document.getElementById(figure.dataset.chart));
    const points = rows.filter((row) => row.risk !== null);
    const happened = rows.filter((row) => row.risk === null);
    const average = Number(figure.dataset.average);
    const times = [...new Set([...points, ...happened].map((row) => row.at))].sort((a, b) => a - b);
    const risks = new Map(points.map((point) => [point.at, point.risk]));
    const top = Math.max(average, ...points.map((point) => point.risk)) * 1.25;
    const data = [times, times.map((at) => risks.get(at) ?? undefined), times.map(() => average)];
    figure.replaceChildren();
    return new uPlot(options(figure, figure.clientWidth, happened, points, top), data, figure);
  };

  document.querySelectorAll("figure[data-chart]").forEach((figure) => {
    let plot = draw(figure);
    new ResizeObserver(() => { if (figure.clientWidth > 0) plot.setSize({ width: figure.clientWidth, height: 255 }); }).observe(figure);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { plot.destroy(); plot = draw(figure); });
  });
})();
