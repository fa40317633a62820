// The dashboard's own kinds of charts; charts.js, loaded after this, draws them when they come into sight.
"use strict";
// From 0 to 100 per cent in tens; dark letters on the first seven, white ones on the others.
const SHADES = ["#f3f6f9", "#e6f2ec", "#d5ebe1", "#c2e2d3", "#aed9c5", "#99cfb6", "#84c6a9", "#1d7a59", "#146348", "#0b4a37"];
window.duibiao ??= {};
window.duibiao.charts = {
  // Documents by requirements, in per cent; the first row is all documents together.
  matrix(box, data, { text, cut, tooltip, colour, font }) {
    const narrow = box.clientWidth < 560;
    if (narrow) box.style.minWidth = `${data.columns.length * 30 + 120}px`;  // its frame scrolls
    const rows = [["", box.dataset.union], ...data.rows];
    const cells = [...data.union.map((value, x) => [x, 0, value]), ...data.cells.map(([x, y, value]) => [x, y + 1, value])];
    const tight = data.columns.length * 36 > box.clientWidth - (narrow ? 110 : 240);
    box.style.height = `${rows.length * 30 + (narrow ? 60 : 100)}px`;
    return {
      option: {
        animation: false, textStyle: { fontFamily: font },
        grid: { left: 4, right: 12, top: 8, bottom: 4, containLabel: true },
        tooltip: { ...tooltip, formatter: (p) => text(rows[p.value[1]][1], `${data.columns[p.value[0]][0]} ${data.columns[p.value[0]][1]}`, `${p.value[2]}%`) },
        xAxis: {
          type: "category", position: "top", data: data.columns.map((c) => c[0]), axisTick: { show: false }, axisLine: { show: false },
          axisLabel: { interval: 0, rotate: narrow ? 45 : 40, color: colour("--ink"), fontSize: 11, formatter: (id, n) => (narrow ? id : `${id} ${cut(data.columns[n][1], 7)}`) },
        },
        yAxis: {
          type: "category", inverse: true, data: rows.map((row) => row[1]), axisTick: { show: false }, axisLine: { show: false },
          axisLabel: { color: colour("--ink"), formatter: (name, n) => cut(name, narrow ? 7 : 18) },
        },
        visualMap: { show: false, type: "piecewise", pieces: SHADES.map((shade, n) => ({ gte: n * 10, lt: n < 9 ? n * 10 + 10 : 101, color: shade })) },
        series: [{
          type: "heatmap", data: cells.map((value) => ({ value, label: { color: value[2] >= 70 ? "#fff" : colour("--ink") } })),
          label: { show: narrow || !tight, fontSize: 11, formatter: (p) => p.value[2] || "" },
          itemStyle: { borderColor: "#fff", borderWidth: 2 }, emphasis: { itemStyle: { borderColor: colour("--focus"), borderWidth: 2 } },
        }],
      },
      click: (p) => {
        const id = rows[p.value[1]][0];
        if (id) location.href = `/reports/${id}`;
      },
    };
  },

  // Coverage from audit to audit, in per cent.
  trend(box, data, { text, cut, tooltip, colour, font }) {
    box.style.height = "300px";
    const line = (name, values, ink, more) => ({
      name, type: "line", data: values, symbolSize: 9, color: ink, lineStyle: { width: 3, ...more },
      label: { show: data.names.length <= 12, position: "top", formatter: (p) => `${Math.round(p.value)}%`, color: colour("--ink") },
    });
    return {
      option: {
        animation: false, textStyle: { fontFamily: font }, legend: { top: 0, left: 0 },
        grid: { left: 4, right: 24, top: 44, bottom: 4, containLabel: true },
        tooltip: { ...tooltip, trigger: "axis", formatter: (all) => text(data.names[all[0].dataIndex], data.days[all[0].dataIndex], ...all.map((p) => `${p.seriesName} ${p.value}%`)) },
        xAxis: { type: "category", data: data.names, boundaryGap: true, axisLabel: { color: colour("--ink"), hideOverlap: true, formatter: (name) => cut(name, 10) } },
        yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
        series: [line(box.dataset.covered, data.covered, "#0b6148", {}), line(box.dataset.reached, data.reached, "#b06a00", { type: "dashed" })],
      },
    };
  },
};
