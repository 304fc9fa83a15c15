'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const body = document.body;
  const LONGEST_LIST = 60;
  const THROTTLE = 80;
  const ONSET = 250;

  let scenario = null;
  let position = new Map();      // text of each value that differs from the base, by address
  let past = [];                 // positions before this one
  let dragging = null;           // address of the dial that is being dragged
  let rows = new Map();          // row and kind of a dial, by the start of its address
  let shown = new Map();         // what refreshes the dials on the page, by address
  let complaining = [];          // those with a message
  let switches = [];             // what refreshes the switches
  let answer = null;             // the newest one
  let request = null;
  let number = 0;                // of the newest request
  let sentAt = 0;
  let timer = null;
  let chainTimer = null;
  let drawnNetwork = null;

  // ---- elements

  function make(namespace, tag, attributes, children) {
    const node = namespace ? document.createElementNS(namespace, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }
  const el = (tag, attributes, ...children) => make(null, tag, attributes, children);
  const svg = (tag, attributes, ...children) =>
    make('http://www.w3.org/2000/svg', tag, attributes, children);
  const share = (value) => Math.max(0, Math.min(1, value || 0));
  const direction = (row) => (row.is_detected ? (row.difference > 0 ? 'more' : 'less') : '');
  const arrow = (row) => (row.is_detected ? (row.difference > 0 ? '▲ ' : '▼ ') : '');

  // ---- the position

  function kindOf(address) {
    const cut = address.lastIndexOf('.');
    const start = address.slice(0, cut), field = address.slice(cut + 1);
    const known = rows.get(start) || unnamedPair(start);
    if (!known) return null;
    const facts = scenario.kinds[known.kind][field];
    return facts ? { ...known, start, field, facts, base: known.row.values[field] } : null;
  }

  function unnamedPair(start) {
    const pair = /^dyads\.(\w+)-(\w+)$/.exec(start);
    if (!pair || pair[1] === pair[2]) return null;
    if (!(pair[1] in scenario.actors && pair[2] in scenario.actors)) return null;
    const row = { start, label: `${pair[1]} towards ${pair[2]}`, source: '', basis: 'default',
      values: rows.get('dyad_defaults').row.values };
    return { row, kind: 'dyads' };
  }

  const same = (a, b) => a === b || (a !== '' && b !== '' && Number(a) === Number(b));
  function valueAt(address) {
    if (position.has(address)) return position.get(address);
    const dial = kindOf(address);
    return dial ? dial.base : '';
  }

  function move(changes, { remember = true } = {}) {
    if (remember) {
      past.push(new Map(position));
      if (past.length > 100) past.shift();
    }
    for (const [address, text] of changes) {
      const dial = kindOf(address);
      if (text === null || (dial && same(text, dial.base))) position.delete(address);
      else position.set(address, text);
    }
    refresh(changes.map(([address]) => address));
  }

  function refresh(addresses) {
    clearProblems();
    for (const address of addresses) for (const update of shown.get(address) || []) update();
    for (const update of switches) update();
    listMoved();
    $('undo').disabled = past.length === 0;
    $('reset').disabled = position.size === 0;
    const query = settingsQuery();
    history.replaceState(null, '', query ? `#${query}` : location.pathname);
    $('overlay').href = `overlay.toml${query ? '?' + query : ''}`;
    schedule();
  }

  function settings() {
    return [...position].map(([address, text]) => `${address}=${text}`);
  }
  function settingsQuery() {
    return settings().map((text) => `set=${encodeURIComponent(text)}`).join('&');
  }
  function readHash() {
    const found = new Map();
    for (const text of new URLSearchParams(location.hash.slice(1)).getAll('set')) {
      const cut = text.indexOf('=');
      if (cut > 0) found.set(text.slice(0, cut).trim(), text.slice(cut + 1).trim());
    }
    return found;
  }
  function goTo(target) {
    const addresses = new Set([...position.keys(), ...target.keys()]);
    position = new Map(target);
    refresh([...addresses]);
  }

  // ---- dials

  function range(facts, values) {
    const { lower, upper } = facts;
    if (upper - lower <= 15) return [lower, upper];
    const size = Math.max(...values.map((text) => Math.abs(Number(text) || 0)));
    if (lower >= 0) return [lower, Math.min(upper, size > 0 ? 2 * size : 1)];
    const reach = Math.max(2 * size, 2);
    return [Math.max(lower, -reach), Math.min(upper, reach)];
  }
  function stepOf([low, high]) {
    return 10 ** Math.floor(Math.log10((high - low) / 100));
  }
  const plain = (value) => String(Number(Number(value).toPrecision(12)));
  const tidy = (text) => (/^-?\d/.test(text) ? plain(text) : text);

  function buildDial(address) {
    const dial = kindOf(address);
    if (!dial) return buildUnknown(address);
    const { facts, row, field, base } = dial;
    const name = row.label ? `${row.label}: ${field}` : address;
    const problem = el('p', { class: 'problem', role: 'alert' });
    const node = el('div', { class: 'dial', 'data-address': address });
    const say = (text) => {
      problem.textContent = text;
      for (const box of node.querySelectorAll('input')) box.setAttribute('aria-invalid', text !== '');
    };
    const controls = facts.kind === 'switch' ? buildSwitch() : buildSlider();
    const back = el('button', { type: 'button', onclick: () => move([[address, null]]),
      'aria-label': `${name}: back to the base` }, 'Base');
    const off = facts.neutral === null ? null : el('button', { type: 'button',
      onclick: () => move([[address, facts.neutral]]), 'aria-label': `${name}: switch off` }, 'Off');
    node.append(
      el('div', { class: 'top' }, el('span', { class: 'name' }, name), ...tags(dial)),
      el('div', { class: 'set' }, ...controls.nodes, off, back), problem, about(dial, address));
    const update = () => {
      const text = valueAt(address);
      controls.update(text);
      node.classList.toggle('moved', position.has(address));
      back.disabled = !position.has(address);
      if (off) off.disabled = same(text, facts.neutral);
    };
    register(address, node, update, say);
    return node;

    function buildSwitch() {
      const box = el('input', { type: 'checkbox', 'aria-label': name,
        onchange: () => move([[address, String(box.checked)]]) });
      return { nodes: [box], update: (text) => { box.checked = text === 'true'; } };
    }
    function buildSlider() {
      const ends = range(facts, [base, facts.default]);
      const step = facts.kind === 'whole' ? 1 : stepOf(ends);
      const slider = el('input', { type: 'range', min: ends[0], max: ends[1], step,
        'aria-label': name,
        oninput: () => {
          const first = dragging !== address;
          dragging = address;
          move([[address, plain(slider.value)]], { remember: first });
        },
        onchange: () => { dragging = null; } });
      const box = el('input', { type: 'text', inputmode: 'decimal', 'aria-label': `${name}, exact`,
        autocomplete: 'off', onchange: () => move([[address, box.value.trim()]]) });
      return { nodes: [slider, box], update: (text) => {
        if (document.activeElement !== slider || dragging !== address) slider.value = Number(text);
        if (document.activeElement !== box || !same(box.value, text)) box.value = tidy(text);
      } };
    }
  }

  function buildUnknown(address) {
    const problem = el('p', { class: 'problem', role: 'alert' });
    const node = el('div', { class: 'dial moved', 'data-address': address },
      el('div', { class: 'top' }, el('span', { class: 'name' }, `${address}=${position.get(address)}`)),
      el('div', { class: 'set' },
        el('button', { type: 'button', onclick: () => move([[address, null]]) }, 'Take out')), problem);
    register(address, node, () => {}, (text) => { problem.textContent = text; });
    return node;
  }

  function register(address, node, update, say) {
    const entry = () => {
      if (node.isConnected) update();
      else shown.get(address).delete(entry);
    };
    entry.say = say;
    entry.node = node;
    if (!shown.has(address)) shown.set(address, new Set());
    shown.get(address).add(entry);
    update();
  }

  function basisOf(dial) {
    const { facts, row, base } = dial;
    if (facts.basis && same(base, facts.default)) return [facts.basis, facts.source];
    return [row.basis, row.source];
  }

  function tags(dial) {
    const [basis] = basisOf(dial);
    const found = [];
    if (basis === 'assumption') found.push(el('span', { class: 'tag assumption' }, 'assumption'));
    if (basis === 'partly') found.push(el('span', { class: 'tag assumption' }, 'in part assumption'));
    if (basis === 'none') found.push(el('span', { class: 'tag none' }, 'no source'));
    if (differs(dial)) found.push(el('span', { class: 'tag' }, `default ${tidy(dial.facts.default)}`));
    return found;
  }
  const differs = ({ facts, base }) => facts.default !== null && !same(base, facts.default);

  function about(dial, address) {
    const { facts, base } = dial;
    const [, source] = basisOf(dial);
    const parts = [];
    if (facts.kind !== 'switch') {
      parts.push(`${facts.kind === 'whole' ? 'Whole number' : 'Number'} ${facts.above ? 'above' : 'from'} `
        + `${plain(facts.lower)} ${facts.above ? 'up ' : ''}to ${plain(facts.upper)}`);
    }
    if (facts.unit) parts.push(`unit: ${facts.unit}`);
    parts.push(`base: ${tidy(base)}`);
    if (facts.default !== null) parts.push(`default: ${tidy(facts.default)}`);
    parts.push(facts.neutral === null ? 'no value switches it off' : `off at ${tidy(facts.neutral)}`);
    return el('details', { class: 'about' }, el('summary', {}, facts.meaning || 'About'),
      el('p', {}, `${address}. ${parts.join('; ')}.`),
      el('p', {}, source ? `Source: ${source}` : 'The scenario names no source for it.'));
  }

  function listMoved() {
    const list = $('moved');
    const there = new Map([...list.children].map((node) => [node.dataset.address, node]));
    for (const [address, node] of there) {
      if (!position.has(address) && !node.contains(document.activeElement)) node.remove();
    }
    for (const address of position.keys()) if (!there.has(address)) list.append(buildDial(address));
  }

  function sorted(fields, row, kind) {
    const moves = (field) => differs({ facts: scenario.kinds[kind][field], base: row.values[field] });
    return [...fields.filter(moves), ...fields.filter((field) => !moves(field))];
  }
  function dialsOf(row, kind) {
    return sorted(Object.keys(row.values), row, kind).map((field) => buildDial(`${row.start}.${field}`));
  }
  function countDiffering(row, kind) {
    return Object.keys(row.values).filter(
      (field) => differs({ facts: scenario.kinds[kind][field], base: row.values[field] })).length;
  }

  const TITLES = { actors: 'Actors', ties: 'Promises', dyads: 'Pairs of actors',
    dyad_defaults: 'Pairs that no row names', trigger: 'The incident',
    'trigger.dyads': 'Pairs that may begin', 'trigger.domains': 'Domains of the incident', ladder: 'The ladder' };

  function folded(title, note, fill, level) {
    const node = el('details', { class: level || 'group' },
      el('summary', {}, title, ' ', el('span', { class: 'soft' }, note)));
    node.addEventListener('toggle', () => {
      if (node.open && node.children.length === 1) node.append(...fill());
    });
    return node;
  }

  function buildValues() {
    $('values').replaceChildren(...scenario.groups.map((group) => {
      const n = group.rows.reduce((sum, row) => sum + countDiffering(row, group.kind), 0);
      const title = TITLES[group.name] || group.name;
      const note = n ? `${n} other than the default` : '';
      if (group.rows.length === 1 && !group.rows[0].label) {
        return folded(title, note, () => dialsOf(group.rows[0], group.kind));
      }
      const order = [...group.rows].sort(
        (a, b) => Math.sign(countDiffering(b, group.kind)) - Math.sign(countDiffering(a, group.kind)));
      return folded(title, `${group.rows.length}`, () => order.map((row) => {
        const differing = countDiffering(row, group.kind);
        return folded(row.label, differing ? `${differing} other than the default` : '',
          () => dialsOf(row, group.kind), 'row');
      }));
    }));
  }

  function search() {
    const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      $('found').textContent = '';
      buildValues();
      return;
    }
    const found = [];
    const consider = (row, kind) => {
      for (const [field, facts] of Object.entries(scenario.kinds[kind])) {
        if (!(field in row.values)) continue;
        const address = `${row.start}.${field}`;
        const text = `${address} ${row.label} ${facts.meaning}`.toLowerCase();
        if (words.every((word) => text.includes(word))) found.push(address);
      }
    };
    for (const { row, kind } of rows.values()) consider(row, kind);
    const pair = /\b(\w+)-(\w+)\b/.exec($('search').value);
    if (pair && !rows.has(`dyads.${pair[1]}-${pair[2]}`)) {
      const unnamed = unnamedPair(`dyads.${pair[1]}-${pair[2]}`);
      if (unnamed) consider(unnamed.row, unnamed.kind);
    }
    found.sort((a, b) => differs(kindOf(b)) - differs(kindOf(a)));
    const more = found.length > LONGEST_LIST ? `; the first ${LONGEST_LIST} are shown` : '';
    $('found').textContent = found.length ? `${found.length} found${more}` : 'Nothing has these words.';
    $('values').replaceChildren(...found.slice(0, LONGEST_LIST).map(buildDial));
  }

  const KINDS = { tie: 'Alliances', hotline: 'Hotlines', mediator: 'Mediator', posture: 'Timetables',
    exercise: 'Exercises', stake: 'Stakes', opacity: 'Opacity', policy: 'Policy in the crisis',
    bystanders: 'Bystanders' };

  function buildLevers() {
    const kinds = [...new Set(scenario.levers.map((lever) => lever.kind))];
    switches = [];
    $('levers').replaceChildren(...kinds.map((kind) => {
      const levers = scenario.levers.filter((lever) => lever.kind === kind);
      return folded(KINDS[kind] || kind, `${levers.length}`, () => levers.map(buildLever));
    }));
    if (!kinds.length) $('levers').textContent = 'This scenario has nothing to switch.';
  }

  function buildLever(lever) {
    const changes = Object.entries(lever.settings);
    const box = el('input', { type: 'checkbox', onchange: () =>
      move(changes.map(([address, text]) => [address, box.checked ? text : null])) });
    const update = () => {
      box.checked = changes.every(([address, text]) => same(valueAt(address), text));
    };
    switches.push(update);
    update();
    return el('label', { class: 'lever' }, box, el('span', {}, lever.label));
  }

  // ---- asking

  function schedule() {
    body.dataset.state = 'busy';
    if (!sentAt) sentAt = performance.now();
    if (timer === null) timer = setTimeout(() => { timer = null; ask(); }, dragging ? THROTTLE : 0);
  }

  async function ask() {
    const own = ++number;
    const begin = sentAt;
    sentAt = 0;
    if (request) request.abort();
    request = new AbortController();
    clearTimeout(chainTimer);
    $('answers').classList.add('stale');
    try {
      const response = await fetch('position', {
        method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ settings: settings() }), signal: request.signal });
      if (own !== number) return;
      if (response.status === 422) { refuse((await response.json()).problems); return; }
      if (!response.ok) { trouble(await response.text()); return; }
      await readLines(response, (line) => { if (own === number) take(line, begin); });
      if (own === number && body.dataset.state === 'busy') gone();
    } catch (error) {
      if (error.name !== 'AbortError' && own === number) gone();
    }
  }

  async function readLines(response, use) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) use(JSON.parse(line));
    }
  }

  function take(line, begin) {
    if (line.set !== undefined) {
      $('set').value = line.set || 'nothing has changed';
    } else if (line.waiting) {
      status(line.waiting === 'compiling' ? 'Compiling, once per machine; this takes about a minute'
        : 'Starting');
    } else if (line.error) {
      trouble(line.error);
    } else if (line.superseded) {
      body.dataset.state = 'superseded';
      status('Another window of this page has moved a value. Move one here to go on.');
    } else if (line.done) {
      finish();
    } else {
      show(line, begin);
    }
  }

  const status = (text, isTrouble) => {
    $('status').textContent = text;
    $('status').classList.toggle('trouble', Boolean(isTrouble));
  };
  function trouble(text) {
    body.dataset.state = 'trouble';
    status(text.trim(), true);
  }
  function gone() {
    body.dataset.state = 'gone';
    const seed = scenario ? ` --seed ${scenario.seed}` : '';
    const command = scenario ? `: ${scenario.command}${scenario.command.includes('--seed') ? '' : seed}` : '';
    status(`The program behind this page no longer answers. Start it again${command}`, true);
  }
  function refuse(problems) {
    body.dataset.state = 'trouble';
    const others = problems.filter((problem) => {
      const address = [...shown.keys()].find((known) => problem.startsWith(`${known}: `));
      if (!address) return true;
      let isSaid = false;
      for (const entry of shown.get(address)) {
        if (!entry.node.isConnected) continue;
        entry.say(problem);
        complaining.push(entry);
        isSaid = true;
      }
      return !isSaid;
    });
    status(others.length ? others.join('; ') : `Not simulated: ${problems.join('; ')}`, true);
  }
  function clearProblems() {
    for (const entry of complaining.splice(0)) entry.say('');
  }

  // ---- answers

  function show(found, begin) {
    answer = found;
    $('answers').classList.remove('stale');
    $('command').value = found.command;
    $('report').href = `report.html?chains=${found.n_chains}${position.size ? '&' + settingsQuery() : ''}`;
    status(found.progress);
    const stages = Math.log10(Math.max(found.n_chains, 10)) / 5;
    $('progress-bar').style.width = found.is_last ? '100%' : `${100 * stages}%`;
    showHeadline(found);
    showOutcomes(found);
    showActors(found);
    showNetwork(found);
    showWar(found);
    $('chain-differing').disabled = found.differing.length === 0;
    if (begin) body.dataset.milliseconds = String(Math.round(performance.now() - begin));
    body.dataset.chains = String(found.n_chains);
  }

  function finish() {
    body.dataset.state = 'done';
    const war = answer.events[0];
    const change = war.is_detected ? `${war.texts.change} points` : 'no change detected';
    $('spoken').textContent = position.size
      ? `War in ${war.texts.now} of ${answer.n_chains} chains, ${change}.`
      : `War in ${war.texts.now} of ${answer.n_chains} chains.`;
    chainTimer = setTimeout(showChain, ONSET);
  }

  function showHeadline(found) {
    const war = found.events[0];
    $('headline-now').textContent = war.texts.now;
    $('headline-base').textContent = war.texts.base;
    const change = $('headline-change');
    change.textContent = position.size ? arrow(war) + war.texts.change : '–';
    change.className = position.size ? direction(war) : '';
  }

  function bar(row) {
    const place = (node, from, to) => {
      node.style.left = `${100 * share(from)}%`;
      node.style.width = `${100 * (share(to) - share(from))}%`;
      return node;
    };
    return el('div', { class: 'bar', 'aria-hidden': 'true' },
      place(el('i', { class: 'now' }), 0, row.second),
      place(el('i', { class: 'base' }), 0, row.first),
      place(el('i', { class: 'whisker' }), row.second_lower, row.second_upper));
  }

  function changeCell(row) {
    if (!position.size) return el('td', {}, '–');
    return el('td', { class: direction(row) }, `${arrow(row)}${row.texts.change}`,
      el('small', {}, row.texts.change_interval),
      row.is_detected ? null : el('small', {}, 'none detected'));
  }
  function nowCell(row) {
    return el('td', {}, row.texts.now, el('small', {}, row.texts.now_interval),
      position.size ? el('small', {}, `base ${row.texts.base}`) : null);
  }

  function showOutcomes(found) {
    $('outcomes').replaceChildren(...found.events.map((row) => el('tr', { 'data-event': row.event },
      el('th', { scope: 'row' }, row.label, bar(row)), nowCell(row), changeCell(row))));
    $('splits').textContent = position.size
      ? `Chain by chain: ${found.splits.map((row) => `${row.label} ${row.text}`).join('; ')}.` : '';
  }

  function showActors(found) {
    const often = Object.keys(found.actors).sort((a, b) =>
      found.actors[b].engaged.second - found.actors[a].engaged.second);
    const listed = often.filter((actor) => ['engaged', 'at_war'].some((did) =>
      found.actors[actor][did].first > 0 || found.actors[actor][did].second > 0));
    $('actors').replaceChildren(...listed.slice(0, LONGEST_LIST).map((actor) => {
      const { engaged, at_war: war } = found.actors[actor];
      return el('tr', { 'data-actor': actor }, el('th', { scope: 'row' }, nameOf(actor)),
        nowCell(engaged), changeCell(engaged), nowCell(war), changeCell(war));
    }));
  }
  function nameOf(actor) {
    const label = scenario.actors[actor];
    return label === actor ? actor : `${label} (${actor})`;
  }

  function showNetwork(found) {
    const width = 640, height = 440;
    const at = ({ x, y }) => [width / 2 + 0.41 * width * x, height / 2 - 0.36 * height * y];
    if (drawnNetwork === null) {
      const { nodes, promises, rivalries, originators, n_left_out: left } = found.network;
      const places = new Map(nodes.map((node) => [node.id, at(node)]));
      const lines = (pairs, kind) => pairs.map(([a, b]) => {
        const [x1, y1] = places.get(a), [x2, y2] = places.get(b);
        return svg('line', { class: kind, x1, y1, x2, y2 });
      });
      const parts = new Map(nodes.map((node) => {
        const [x, y] = at(node);
        const ring = svg('circle', { cx: x, cy: y, r: 10, class: 'ground' });
        const initiator = svg('circle', { cx: x, cy: y, r: 10, class: 'initiator' });
        const target = svg('circle', { cx: x, cy: y, r: 10, class: 'target' });
        const figure = svg('text', { x, y: y + (node.y < 0 ? 48 : -24), 'text-anchor': 'middle',
          'font-size': 12, class: 'soft' });
        const title = svg('title', {});
        const go = () => { $('search').value = node.id; search(); $('search').focus(); };
        const group = svg('g', { class: 'node', tabindex: 0, role: 'button', onclick: go,
          onkeydown: (event) => {
            if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); go(); }
          } },
        title, ring, initiator, target,
        svg('text', { x, y: y + (node.y < 0 ? 34 : -38), 'text-anchor': 'middle', 'font-size': 14,
          'font-weight': 600 }, node.id), figure);
        return [node.id, { group, ring, initiator, target, figure, title }];
      }));
      drawnNetwork = parts;
      $('network').replaceChildren(svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'group',
        'aria-label': 'Actors, the initiator’s side to the left, with promises and rivalries' },
      ...lines(rivalries, 'rivalry'), ...lines(promises, 'promise'), ...lines(originators, 'origin'),
      ...[...parts.values()].map((part) => part.group)));
      if (left) $('network-note').append(` ${left} actors that take a side more rarely are not drawn.`);
    }
    for (const [actor, part] of drawnNetwork) {
      const { engaged, at_war: war } = found.actors[actor];
      const side = found.now.sides[actor];
      const radius = 8 + 10 * Math.sqrt(share(engaged.second));
      for (const circle of [part.ring, part.initiator, part.target]) circle.setAttribute('r', radius);
      part.initiator.setAttribute('fill-opacity', side === null ? 0 : 1);
      part.target.setAttribute('fill-opacity', side === null ? 0 : side);
      part.figure.textContent = war.second > 0 ? war.texts.now : '';
      const word = `${nameOf(actor)}: takes a side in ${engaged.texts.now}, at war in ${war.texts.now}`;
      part.title.textContent = word;
      part.group.setAttribute('aria-label', `${word}. Show its values.`);
    }
  }

  function showWar(found) {
    const width = 640, height = 220, left = 54, bottom = 30, top = 10;
    const curves = [['base', found.base.war_by_day], ['now', found.now.war_by_day]];
    const days = Math.max(...curves.map(([, curve]) => curve.day[curve.day.length - 1]), 1e-9);
    const most = Math.max(...curves.flatMap(([, curve]) => curve.probability));
    const ceiling = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((end) => most <= end) || 1;
    const x = (day) => left + (width - left - 8) * day / days;
    const y = (value) => height - bottom - (height - bottom - top) * value / ceiling;
    const path = ({ day, probability }) => probability.map((value, k) =>
      k === 0 ? `M${x(day[0])},${y(value)}` : `H${x(day[k])}V${y(value)}`).join('');
    const texts = [0, 0.5, 1].map((part) => [svg('line', { class: 'axis', x1: left, x2: width - 8,
      y1: y(part * ceiling), y2: y(part * ceiling) }),
    svg('text', { x: left - 6, y: y(part * ceiling) + 4, 'text-anchor': 'end', 'font-size': 12, class: 'soft' },
      `${plain(100 * part * ceiling)} %`)]).flat();
    const begins = (of) => found[of].war_begins.text;
    const word = position.size
      ? `Among wars, the median first turn is now ${begins('now')}; in the base ${begins('base')}.`
      : `Among wars, the median first turn is ${begins('base')}.`;
    $('war').replaceChildren(svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img',
      'aria-label': `Share of chains at war by day. ${word}` },
    ...texts, ...curves.map(([kind, curve]) => svg('path', { class: `curve ${kind}`, d: path(curve) })),
    svg('text', { x: left, y: height - 8, 'font-size': 12, class: 'soft' }, 'day 0'),
    svg('text', { x: width - 8, y: height - 8, 'text-anchor': 'end', 'font-size': 12, class: 'soft' },
      `day ${plain(days)}`)));
    $('war-text').textContent = `${word} The curve is the share of chains in which war has begun by a day; `
      + 'solid: now, dashed: the base.';
  }

  // ---- one chain

  async function showChain() {
    const own = number;
    const asked = $('chain-number').value.trim();
    try {
      const query = settingsQuery();
      const response = await fetch(`chain.json?number=${encodeURIComponent(asked)}${query ? '&' + query : ''}`);
      if (own !== number || asked !== $('chain-number').value.trim()) return;
      if (!response.ok) {
        const text = response.status === 422 ? (await response.json()).problems.join('; ') : await response.text();
        $('chain').replaceChildren(el('p', { class: 'trouble' }, text.trim()));
        return;
      }
      const found = await response.json();
      const parts = [['Now', found.now], ...(found.base ? [['Base', found.base]] : [])];
      $('chain').replaceChildren(...parts.flatMap(([when, course]) => drawCourse(when, course)), rungLegend());
    } catch (error) {
      if (own === number) $('chain').replaceChildren(el('p', { class: 'trouble' }, 'The program no longer answers.'));
    }
  }

  function drawCourse(when, course) {
    const war = course.war_turn ? `, war from turn ${course.war_turn}` : '';
    const heading = el('h3', {}, `${when}: chain ${course.chain}, ${course.outcome}${war}`);
    const story = el('details', {}, el('summary', {}, 'The whole story'), el('pre', { tabindex: 0 }, course.story));
    if (!course.rows.length) return [heading, el('p', { class: 'soft' }, 'Deterred: no turn was simulated.'), story];
    const turns = course.rows.flatMap((row) => Object.keys(row.rungs).map(Number));
    const last = Math.max(...turns), top = scenario.rungs.length - 1;
    const left = 64, size = 22, width = 640;
    const step = Math.min(26, (width - left) / (last + 1));
    const height = 22 + size * course.rows.length;
    const x = (turn) => left + step * turn;
    const parts = course.mediated.map((turn) => svg('rect', { x: x(turn), y: 18, width: step, height: height - 18, class: 'ground' },
      svg('title', {}, `turn ${turn}: a mediator is heard`)));
    course.rows.forEach((row, k) => {
      const y = 20 + size * k;
      const why = row.through ? `${row.cause} with ${row.through}` : row.cause;
      parts.push(svg('text', { x: left - 8, y: y + 14, 'text-anchor': 'end', 'font-size': 12, 'font-weight': 600,
        class: row.side }, row.actor, svg('title', {}, `${nameOf(row.actor)}: ${row.side}’s side, ${why}`)));
      for (const [turn, rung] of Object.entries(row.rungs)) {
        parts.push(svg('rect', { x: x(turn) + 0.5, y, width: Math.max(step - 1, 1), height: size - 4, class: 'cell',
          'fill-opacity': 0.08 + 0.92 * rung / top },
        svg('title', {}, `${row.actor}, turn ${turn}: ${scenario.rungs[rung]}`)));
      }
      for (const turn of row.misread) {
        if (turn > last) continue;
        const cx = x(turn) + step / 2, cy = y + (size - 4) / 2, r = Math.min(4, step / 3);
        parts.push(svg('path', { class: 'mark', d: `M${cx - r},${cy - r}L${cx + r},${cy + r}M${cx - r},${cy + r}L${cx + r},${cy - r}` },
          svg('title', {}, `${row.actor}, turn ${turn}: a misread move`)));
      }
    });
    const every = Math.max(1, Math.ceil((last + 1) / 12));
    for (let turn = 0; turn <= last; turn += every) {
      parts.push(svg('text', { x: x(turn) + step / 2, y: 13, 'text-anchor': 'middle', 'font-size': 11, class: 'soft' }, String(turn)));
    }
    const word = course.rows.map((row) => row.actor).join(', ');
    return [heading, svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img',
      'aria-label': `${when}: rungs of ${word} over ${last} turns; the story below says it in words` }, ...parts), story];
  }

  function rungLegend() {
    const top = scenario.rungs.length - 1;
    return el('ul', { class: 'legend' }, ...scenario.rungs.map((rung, k) => {
      const square = el('span', { class: 'square' });
      square.style.opacity = String(0.08 + 0.92 * k / top);
      return el('li', {}, square, rung);
    }), el('li', {}, '× misread move'));
  }

  function stepChain(by) {
    const asked = $('chain-number').value.trim();
    if (!/^\d{1,20}$/.test(asked)) return;
    const next = BigInt(asked) + BigInt(by);
    if (next < 0n) return;
    $('chain-number').value = String(next);
    showChain();
  }
  function nextDiffering() {
    const here = BigInt(/^\d+$/.test($('chain-number').value.trim()) ? $('chain-number').value.trim() : '0');
    const next = answer.differing.find((chain) => BigInt(chain) > here) || answer.differing[0];
    $('chain-number').value = next;
    showChain();
  }

  // ---- beginning

  async function copy(id, button) {
    const area = $(id);
    let isDone = false;
    try {
      await navigator.clipboard.writeText(area.value);
      isDone = true;
    } catch (error) {
      area.focus();
      area.select();
      isDone = document.execCommand('copy');
    }
    const before = button.textContent;
    button.textContent = isDone ? 'Copied' : 'Select and copy it';
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  async function begin() {
    $('undo').addEventListener('click', () => { if (past.length) goTo(past.pop()); });
    $('reset').addEventListener('click', () => { past.push(new Map(position)); goTo(new Map()); });
    $('copy-set').addEventListener('click', (event) => copy('set', event.target));
    $('copy-command').addEventListener('click', (event) => copy('command', event.target));
    $('moved').addEventListener('focusout', () => setTimeout(listMoved, 0));
    let searching = null;
    $('search').addEventListener('input', () => {
      clearTimeout(searching);
      searching = setTimeout(search, 150);
    });
    $('chain-form').addEventListener('submit', (event) => { event.preventDefault(); showChain(); });
    $('chain-number').addEventListener('change', showChain);
    $('chain-before').addEventListener('click', () => stepChain(-1));
    $('chain-after').addEventListener('click', () => stepChain(1));
    $('chain-differing').addEventListener('click', nextDiffering);
    // The address holds the position: a jump within the page must not replace it.
    for (const [link, target] of [['skip', 'answers'], ['to-answers', 'answers'], ['to-controls', 'controls']]) {
      $(link).addEventListener('click', (event) => {
        event.preventDefault();
        $(target).scrollIntoView();
        $(target).focus({ preventScroll: true });
      });
    }
    window.addEventListener('hashchange', () => goTo(readHash()));
    try {
      const response = await fetch('scenario.json');
      if (!response.ok) { trouble(await response.text()); return; }
      scenario = await response.json();
    } catch (error) {
      gone();
      return;
    }
    document.title = `${scenario.title} – explore`;
    $('title').textContent = scenario.title;
    $('title').title = scenario.description;
    $('seed').textContent = scenario.seed;
    $('foot').textContent = `Served on this machine by mcescalate ${scenario.version}; nothing leaves it. `
      + `The program stops after ${plain(scenario.idle_minutes)} minutes without a request. `
      + 'All probabilities hold within the model and for this scenario: use them to compare, not as forecasts.';
    for (const group of scenario.groups) {
      for (const row of group.rows) rows.set(row.start, { row, kind: group.kind });
    }
    buildLevers();
    buildValues();
    goTo(readHash());
  }

  begin();
})();
