// One figure period by period; the same numbers stand in the table below it.

const box = document.getElementById("curve");
const data = JSON.parse(document.getElementById("curve-data").textContent);

// What others published is a line to compare with, named as theirs.
function reference(color) {
  if (!data.published) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { type: "dashed", color },
    label: { position: "insideStartTop", color, formatter: data.published.name },
    data: [{ yAxis: data.published.value }],
  };
}

function draw() {
  // ECharts cannot read the tokens; the box carries them as colours that the browser has resolved.
  const { color, borderColor, outlineColor } = getComputedStyle(box);
  const chart = echarts.getInstanceByDom(box) ?? echarts.init(box, null, { renderer: "svg" });
  const highest = data.published ? (value) => Math.max(value.max, data.published.value) : undefined;
  chart.setOption({
    animation: false,
    color: [outlineColor],
    textStyle: { fontFamily: "inherit", color },
    grid: { left: 8, right: 24, top: 24, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: data.labels, axisLabel: { color }, axisLine: { lineStyle: { color: borderColor } } },
    yAxis: { type: "value", min: 0, max: highest, name: data.unit, nameTextStyle: { color }, axisLabel: { color }, splitLine: { lineStyle: { color: borderColor } } },
    series: [{ type: "line", name: data.name, data: data.values, symbol: "circle", symbolSize: 6, markLine: reference(color) }],
  });
  return chart;
}

if (box) {
  const chart = draw();
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
