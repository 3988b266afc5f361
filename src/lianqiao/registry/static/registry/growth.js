// The number of members month by month as a line; the same numbers stand in the table beside it.

const box = document.getElementById("growth");
const data = JSON.parse(document.getElementById("growth-data").textContent);

function draw() {
  // ECharts cannot read the tokens; the box carries them as colours that the browser has resolved.
  const { color, borderColor, outlineColor } = getComputedStyle(box);
  const chart = echarts.getInstanceByDom(box) ?? echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: [outlineColor],
    textStyle: { fontFamily: "inherit", color },
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: data.months, axisLabel: { color }, axisLine: { lineStyle: { color: borderColor } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color }, splitLine: { lineStyle: { color: borderColor } } },
    series: [{ type: "line", name: data.name, data: data.totals, symbol: "circle", symbolSize: 6 }],
  });
  return chart;
}

if (box) {
  const chart = draw();
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
