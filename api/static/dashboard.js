// The dashboard's own kinds of charts; charts.js, loaded after this, draws them when they come into sight.
"use strict";
window.duibiao ??= {};
window.duibiao.charts = {
  // Documents by requirements, in per cent; the first row is all documents together.
  matrix(box, data, { text, cut, tooltip, colour, font }) {
    const narrow = box.clientWidth < 560;
    const rows = [["", box.dataset.union], ...data.rows];
    const cells = [...data.union.map((value, x) => [x, 0, value]), ...data.cells.map(([x, y, value]) => [x, y + 1, value])];
    const tight = data.columns.length * 36 > box.clientWidth - (narrow ? 110 : 240);
    box.style.height = `${rows.length * 30 + (narrow ? 70 : 120)}px`;
    return {
      option: {
        animation: false, textStyle: { fontFamily: font },
        grid: { left: 4, right: 12, top: narrow ? 60 : 108, bottom: 4, containLabel: true },
        tooltip: { ...tooltip, formatter: (p) => text(rows[p.value[1]][1], `${data.columns[p.value[0]][0]} ${data.columns[p.value[0]][1]}`, `${p.value[2]}%`) },
        xAxis: {
          type: "category", position: "top", data: data.columns.map((c) => c[0]), axisTick: { show: false }, axisLine: { show: false },
          axisLabel: { interval: 0, rotate: narrow ? 60 : 45, color: colour("--ink"), fontSize: 11, formatter: (id, n) => (narrow ? id : `${id} ${cut(data.columns[n][1], 7)}`) },
        },
        yAxis: {
          type: "category", inverse: true, data: rows.map((row) => row[1]), axisTick: { show: false }, axisLine: { show: false },
          axisLabel: { color: colour("--ink"), formatter: (name, n) => cut(name, narrow ? 7 : 18) },
        },
        visualMap: { show: false, min: 0, max: 100, inRange: { color: ["#f3f6f9", "#d5ebe1", "#8fcbb0", "#1f8a67", "#0b4a37"] } },
        series: [{
          type: "heatmap", data: cells.map((value) => ({ value, label: { color: value[2] >= 60 ? "#fff" : colour("--ink") } })),
          label: { show: !tight && !narrow, fontSize: 11, formatter: (p) => p.value[2] || "" },
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
