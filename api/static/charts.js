// Charts of the report: the library is loaded when the first one comes into sight. Beside each stands its table.
"use strict";
(() => {
  const charts = document.querySelectorAll("[data-chart]");
  if (!charts.length) return;
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(name).trim();
  const font = css.getPropertyValue("--font").trim();
  let library = null;

  function loaded(address) {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  const text = (...lines) => {
    const box = document.createElement("div");
    for (const line of lines) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    return box;
  };
  const cut = (label, most) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);
  const tooltip = { confine: true, className: "tip", textStyle: { fontFamily: font, color: colour("--ink") } };

  function hours(box, data) {
    const rows = data[box.dataset.rows].slice().reverse();
    box.style.height = `${Math.max(rows.length * 42 + 70, 160)}px`;
    const narrow = box.clientWidth < 520;
    const part = (name, at, fill, more = {}) => ({
      name, type: "bar", stack: "all", barMaxWidth: 26, data: rows.map((row) => row[at] || null),
      itemStyle: { color: fill, ...more }, label: { show: !narrow, formatter: (p) => (p.value >= 60 ? p.value : ""), color: more.ink || "#fff" },
    });
    return {
      option: {
        aria: { enabled: false }, animation: false, textStyle: { fontFamily: font },
        grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
        legend: { top: 0, left: 0 }, tooltip: { ...tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: (all) => text(all[0].name, ...all.filter((p) => p.value).map((p) => `${p.seriesName} ${p.value}`)) },
        xAxis: { type: "value", axisLabel: { hideOverlap: true } },
        yAxis: { type: "category", data: rows.map((row) => row[0]), axisLabel: { formatter: (v) => cut(v, narrow ? 7 : 14), color: colour("--ink") } },
        series: [
          part(box.dataset.theory, 1, "#1f4e79"),
          part(box.dataset.practice, 2, "#8fb8de", { ink: "#1c2530", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: "rgba(31,78,121,.45)" } }),
          part(box.dataset.rest, 3, "#c3cad3", { ink: "#1c2530" }),
        ],
      },
    };
  }

  function heat(box, data) {
    const narrow = box.clientWidth < 520;
    const rows = [...data.rows.map(([number, title, depth]) => [number, title || box.dataset.beginning, depth]), [0, box.dataset.whole, 1]];
    const side = narrow ? 112 : 240;
    const wide = (box.clientWidth - side) / data.columns.length;
    const head = wide >= 68 ? 64 : 78;
    box.style.height = `${rows.length * 30 + head + 16}px`;
    const cell = (x, y, covered, touched) => ({ value: [x, y, Math.sqrt(covered + touched / 2)], covered, touched });
    const cells = data.cells.map((found) => cell(...found));
    const most = Math.max(1.7, ...cells.map((found) => found.value[2]));
    data.totals.forEach(([covered, touched], x) => {
      const none = !covered && !touched;
      cells.push({ ...cell(x, rows.length - 1, covered, touched), itemStyle: { color: colour(none ? "--missing-bg" : "--quiet-bg") }, label: { color: colour(none ? "--missing" : "--ink"), fontWeight: "bold" } });
    });
    const short = (value, at) => (wide >= 68 ? `${value}\n${cut(data.columns[at][2], 10).replace(/(.{5})/, "$1\n")}` : value);
    return {
      option: {
        animation: false, textStyle: { fontFamily: font },
        grid: { left: side, right: 4, top: head, bottom: 8, containLabel: false },
        tooltip: { ...tooltip, formatter: (p) => {
          const column = data.columns[p.value[0]];
          const counts = p.data.covered + p.data.touched ? `${box.dataset.covered} ${p.data.covered}，${box.dataset.touched} ${p.data.touched}` : box.dataset.nowhere;
          return text(rows[p.value[1]][1], column[1] === column[2] ? column[1] : `${column[1]}　${column[2]}`, counts);
        } },
        xAxis: { type: "category", position: "top", data: data.columns.map((c) => c[1]), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { interval: wide >= 12 ? 0 : "auto", rotate: wide >= 68 ? 0 : 60, formatter: data.by === "course" ? (v) => (wide >= 68 ? cut(v, 10).replace(/(.{5})/, "$1\n") : cut(v, 6)) : short, color: colour("--ink"), fontSize: 11, lineHeight: 14 } },
        yAxis: { type: "category", inverse: true, data: rows.map((r) => r[1]), axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: true, interval: 0, lineStyle: { color: colour("--line") } }, axisLabel: { interval: 0, align: "left", margin: side - 4, width: side - 12, overflow: "truncate", formatter: (v, at) => `${"　".repeat(rows[at][2] - 1)}${v}`, color: colour("--ink") } },
        visualMap: { min: 0, max: most, show: false, inRange: { color: ["#eef7f2", "#8fcbb0", "#1f8a67", "#0b4a37"] } },
        series: [{ type: "heatmap", data: cells, label: { show: true, formatter: (p) => p.data.covered + p.data.touched, fontSize: 11 }, itemStyle: { borderColor: "#fff", borderWidth: 1 }, emphasis: { itemStyle: { borderColor: colour("--focus"), borderWidth: 2 } } }],
      },
      click: (p) => {
        const query = new URLSearchParams();
        if (rows[p.value[1]][0]) query.set("section", rows[p.value[1]][0]);
        if (data.by === "statement") query.set("st", data.columns[p.value[0]][0]);
        else { query.set("course", data.columns[p.value[0]][0]); query.set("scope", "all"); }
        location.href = `${box.dataset.home}?${query}#list`;
      },
    };
  }

  async function draw(box) {
    const echarts = await loaded(box.dataset.echarts);
    const data = JSON.parse(document.getElementById(box.dataset.from).textContent);
    const kinds = { hours, heat, ...window.duibiao?.charts };  // a page's own kinds come from its script, loaded before this one
    const { option, click } = kinds[box.dataset.chart](box, data, { text, cut, tooltip, colour, font });
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option);
    if (click) chart.on("click", click);
    box.dataset.drawn = "1";
    new ResizeObserver(() => chart.resize()).observe(box);
  }

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watch.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "200px" });
  for (const box of charts) watch.observe(box);
})();
