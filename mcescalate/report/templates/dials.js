'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('dial-data').textContent);
  const n = data.base.length;
  const chosen = { base: 0, places: data.axes.map((axis) => axis.at[0]) };
  let held = 0;   // the point compared with

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }
  const valueText = (axis, place) => (axis.values[place] === null ? 'unchanged' : String(axis.values[place]));
  const settingOf = (point) => data.axes.map((axis) => `${axis.name} = ${valueText(axis, axis.at[point])}`);
  const nameOf = (point) => [
    `Point ${point}`, ...(data.bases.length > 1 ? [data.bases[data.base[point]]] : []), ...settingOf(point),
  ].join(', ');

  // The point of the chosen base whose places on the axes are nearest, each axis as long as any other.
  function nearest() {
    let best = -1, least = Infinity;
    for (let point = 0; point < n; point += 1) {
      if (data.base[point] !== chosen.base) continue;
      let far = 0;
      data.axes.forEach((axis, k) => {
        const length = Math.max(1, axis.values.length - 1);
        far += ((axis.at[point] - chosen.places[k]) / length) ** 2;
      });
      if (far < least) [best, least] = [point, far];
    }
    return best;
  }

  function difference(event, point) {
    if (!event.blocks || point === held) return null;
    const gaps = event.blocks[point].map((p, k) => (p === null || event.blocks[held][k] === null
      ? null : p - event.blocks[held][k])).filter((gap) => gap !== null);
    if (gaps.length < 2) return null;
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const spread = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1);
    const half = data.quantiles[gaps.length - 2] * Math.sqrt(spread / gaps.length);
    return { mean, lower: mean - half, upper: mean + half };
  }
  const points = (value, digits) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(100 * value).toFixed(digits)}`;
  function differenceText(found) {
    const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(100 * (found.upper - found.lower) || 1))));
    return `${points(found.mean, digits)} (${points(found.lower, digits)} to ${points(found.upper, digits)})`;
  }

  const widths = (from, to) => `left:${(100 * from).toFixed(3)}%;width:${(100 * (to - from)).toFixed(3)}%`;
  function bar(event, point) {
    const part = (name, from, to) => {
      const node = el('i', { class: name });
      node.style.cssText = widths(from, to);
      return node;
    };
    const box = el('span', { class: 'bar', 'aria-hidden': 'true' });
    if (event.p[point] !== null) {
      box.append(part('now', 0, event.p[point]), part('whisker', event.lower[point], event.upper[point]));
    }
    if (event.p[held] !== null) box.append(part('held', 0, event.p[held]));
    return box;
  }

  function show() {
    const point = nearest();
    $('dial-point').textContent = `${nameOf(point)}; ${data.chains[point]} chains`;
    $('dial-versus').textContent = `difference to point ${held}, percentage points`;
    $('dial-rows').replaceChildren(...data.events.map((event) => {
      const found = difference(event, point);
      const sure = found && (found.lower > 0 || found.upper < 0);
      return el('tr', {},
        el('th', { scope: 'row' }, event.name),
        el('td', {}, event.text[point], bar(event, point)),
        el('td', { class: 'number' }, event.interval[point]),
        el('td', { class: `number${sure ? (found.mean > 0 ? ' more' : ' less') : ''}` },
          found ? differenceText(found) : '–'));
    }));
    $('dial-hold').disabled = point === held;
    $('dial-hold').onclick = () => { held = point; show(); };
  }

  function dial(axis, k) {
    const output = el('output', {}, valueText(axis, chosen.places[k]));
    const slider = el('input', { type: 'range', min: 0, max: axis.values.length - 1, step: 1,
      value: chosen.places[k], 'aria-label': axis.name, 'aria-valuetext': output.textContent,
      oninput: () => {
        chosen.places[k] = Number(slider.value);
        output.textContent = valueText(axis, chosen.places[k]);
        slider.setAttribute('aria-valuetext', output.textContent);
        show();
      } });
    return el('p', { class: 'dial' }, el('label', {}, el('b', {}, axis.name),
      axis.address === axis.name ? '' : ` ${axis.change} ${axis.address}`), slider, output);
  }

  const list = $('dial-list');
  if (data.bases.length > 1) {
    const select = el('select', { 'aria-label': 'Scenario', onchange: () => {
      chosen.base = Number(select.value);
      show();
    } }, ...data.bases.map((base, k) => el('option', { value: k }, base)));
    list.append(el('p', { class: 'dial' }, select));
  }
  list.append(...data.axes.map(dial));
  $('dial-box').hidden = false;
  show();
})();
