// Has the browser fetch plotly.js while the server still computes what the map will draw. It is not
// run yet: running it takes a second, in which the browser could not draw the first picture.

export default function ({ data: [data] }) {
  if (window.Plotly || document.querySelector(`link[href="${data.plotly}"]`)) return;
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "script";
  link.href = data.plotly;
  document.head.append(link);
}
