// SPDX-FileCopyrightText: 2026 the qlikops.sense authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Contrast as WCAG 2 counts it, from computed styles: colours are laid over each other down to the page.
const channels = (text) => {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return {rgb: [red, green, blue], alpha};
};
const over = (top, below) =>
  top.rgb.map((value, index) => value * top.alpha + below[index] * (1 - top.alpha));
const ground = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    layers.unshift(channels(getComputedStyle(at).backgroundColor));
  }
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  return layers.reduce((below, layer) => over(layer, below), canvas);
};
const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (element, colour) => {
  const below = ground(element);
  const pair = [luminance(over(channels(colour), below)), luminance(below)].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
};
const visible = (element) =>
  element.checkVisibility({visibilityProperty: true}) &&
  [...element.getClientRects()].some((box) => box.width > 1 && box.height > 1);

const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  const text = texts.currentNode.textContent.trim();
  if (text && visible(element)) {
    found.push({what: text, contrast: contrast(element, getComputedStyle(element).color), least: 4.5});
  }
}
for (const sign of document.querySelectorAll("svg.icon")) {
  if (visible(sign)) {
    const what = sign.getAttribute("class");
    found.push({what, contrast: contrast(sign.parentElement, getComputedStyle(sign).stroke), least: 3});
  }
}
return found;
