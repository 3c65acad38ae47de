/**
 * The index's files in the browser: the only place that fetches and decodes them.
 *
 * Each is a classic script that calls `Daybook.receive(name, value)`: scripts load over
 * HTTP and from a folder alike, where fetch does not.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const DAY = 86400000;
  const received = new Map();
  const loading = new Map();
  let attempt = 0;

  Daybook.receive = function (name, value) {
    received.set(name, value);
  };

  /** A file of the index that did not come, or came damaged. */
  class MissingFile extends Error {}

  /**
   * Load a file of the index once.
   * @returns {Promise<*>} what it called `receive` with; rejects with MissingFile
   */
  async function load(name, address) {
    if (!received.has(name)) await script(address, () => received.has(name));
    return received.get(name);
  }

  /**
   * Add a script to the page and wait until it has done its work.
   * @param {string} address
   * @param {function(): boolean} done whether it has: a blocked or damaged script never does
   */
  function script(address, done) {
    if (!loading.has(address)) {
      loading.set(address, inject(address, done).finally(() => loading.delete(address)));
    }
    return loading.get(address);
  }

  function inject(address, done) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = attempt ? `${address}${address.includes("?") ? "&" : "?"}again=${attempt}` : address;
      element.onload = () => (done() ? resolve() : reject(new MissingFile(address)));
      element.onerror = () => reject(new MissingFile(address));
      document.head.append(element);
    });
  }

  /**
   * Bring a part of the client that few queries need.
   * @param {string} name of the part, and of the address among the page's data
   */
  async function part(root, name) {
    const { [name]: address } = document.getElementById("search").dataset;
    if (!Daybook[name]) await script(root + address, () => Boolean(Daybook[name]));
    return Daybook[name];
  }

  /** Forget everything, and ask past every cache from now on: for a retry. */
  function forget() {
    attempt = Date.now();
    received.clear();
  }

  /**
   * Decode the manifest into segments whose documents are numbered through in time order.
   * @returns {{documents: number, segments: Object[], days: Object[]}}
   */
  function readManifest(manifest) {
    const days = [];
    let documents = 0;
    const segments = manifest.segments.map((segment) => {
      const origin = Date.parse(segment.origin);
      const offsets = [];
      const first = documents;
      for (let i = 0, day = 0; i < segment.days.length; i += 2) {
        day += segment.days[i];
        const count = segment.days[i + 1];
        const date = new Date(origin + day * DAY).toISOString().slice(0, 10);
        days.push({ date, first: documents, count, version: segment.version });
        offsets[day] = documents;
        documents += count;
      }
      return { ...segment, first, offsets, keys: readKeys(segment.keys) };
    });
    return { ...manifest, segments, days, documents, firsts: days.map((day) => day.first) };
  }

  function readKeys(lines) {
    let key = "";
    return lines.split("\n").map((line) => (key = key.slice(0, Number(line[0])) + line.slice(1)));
  }

  /** The last key that does not stand after the term: its shard, if any, holds the term. */
  function place(keys, term) {
    let low = 0;
    let high = keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (keys[middle] <= term) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The shards, as positions, that may hold the term or, for a prefix, terms that begin with it. */
  function shardsOf(segment, term, prefix) {
    let at = place(segment.keys, term);
    const result = [at];
    while (prefix && ++at < segment.keys.length && segment.keys[at].slice(0, term.length) <= term) result.push(at);
    return result;
  }

  /** A shard's name: what begins it, and the digest of what it holds. */
  function shardName(segment, at) {
    const key = segment.keys[at].replace(/[^a-z0-9]/g, (unit) => `_${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return `${segment.name}-${key}-${segment.hashes.slice(at * 4, at * 4 + 4)}`;
  }

  /**
   * Load one shard.
   * @returns {Promise<Map<string, Array>>} rows by term, in order
   */
  async function shard(root, segment, at) {
    const name = shardName(segment, at);
    const rows = await load(name, `${root}search/${name}.js`);
    return rows instanceof Map ? rows : indexed(name, rows);
  }

  function indexed(name, rows) {
    const map = new Map(rows.map((row) => [row[0], row]));
    received.set(name, map);
    return map;
  }

  function numberOf(segment, code) {
    const place = code % segment.places;
    return segment.offsets[(code - place) / segment.places] + place;
  }

  /**
   * Read a field's postings of a row in the order of documents.
   * @param {function(number, number, number)} visit is called with document, frequency, field length
   */
  function postings(segment, row, field, visit) {
    const list = row[2 + field];
    const lengths = row[2 + field + (row.length - 2) / 2];
    for (let i = 0, at = 0, code = 0; i < list.length; i++) {
      const many = list[i] % 2;
      code += (list[i] - many) / 2;
      const character = lengths.codePointAt(at);
      at += character > 0xffff ? 2 : 1;
      visit(numberOf(segment, code), many ? list[++i] : 1, readLength(character));
    }
  }

  function readLength(code) {
    return (code < 0xe000 ? code : code - 0x800) - 35;
  }

  /** Load the file of each segment that is called so, such as its vocabulary. */
  function ofSegments(root, manifest, kind) {
    return Promise.all(manifest.segments.map(({ name, version }) =>
      load(`${kind}-${name}`, `${root}search/${kind}-${name}.js?v=${version}`)));
  }

  /**
   * Load what a result shows of one document.
   * @returns {Promise<{date: string, day: number|null, path: string, time: string, headline: string,
   *   made: boolean, text: string, topics: string[]}>}
   */
  async function card(root, manifest, number) {
    const { perFile, days, firsts } = manifest;
    const day = days[place(firsts, number)];
    const step = Math.ceil(day.count / Math.ceil(day.count / perFile));
    const at = number - day.first;
    const name = `${day.date}-${Math.floor(at / step)}`;
    const [date, counter, cards] = await load(name, `${root}search/days/${name}.js?v=${day.version}`);
    const [path, time, headline, made, text, topics] = cards[at % step];
    return { date, day: counter, path, time, headline, made: Boolean(made), text, topics };
  }

  Daybook.indexFiles = {
    MissingFile, load, script, part, forget, readManifest, readKeys, readLength,
    shardsOf, shardName, shard, holds: (name) => received.has(name), numberOf, postings, ofSegments, card, place,
  };
})();
