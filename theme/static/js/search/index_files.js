/**
 * Loads the index files and decodes them.
 *
 * Each is a classic script that calls `Daybook.receive(name, value)`, as scripts load over HTTP
 * and from a folder alike; fetch does not. scripts/daybook/search describes the formats.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const DAY = 86400000; // milliseconds
  const [ZERO, CONTINUED, MORE] = [35, 0x8000, 0x4000]; // of the encoding of numbers in postings.py
  const received = new Map();
  const loading = new Map();
  let retry = 0;

  Daybook.receive = function (name, value) {
    received.set(name, value);
  };

  /** An index file that could not be loaded or is damaged. */
  class MissingFile extends Error {}

  /**
   * Loads an index file once.
   * @returns {Promise<*>} the value that it passes to `receive`; rejects with MissingFile
   */
  async function loadFile(name, url) {
    if (!received.has(name)) await loadScript(url, () => received.has(name));
    return received.get(name);
  }

  /**
   * Adds a script to the page and waits until it has run.
   * @param {string} url
   * @param {function(): boolean} hasRun a blocked or damaged script loads without having run
   */
  function loadScript(url, hasRun) {
    if (!loading.has(url)) {
      loading.set(url, addScript(url, hasRun).finally(() => loading.delete(url)));
    }
    return loading.get(url);
  }

  function addScript(url, hasRun) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = retry ? `${url}${url.includes("?") ? "&" : "?"}again=${retry}` : url;
      element.onload = () => (hasRun() ? resolve() : reject(new MissingFile(url)));
      element.onerror = () => reject(new MissingFile(url));
      document.head.append(element);
    });
  }

  /**
   * Loads a part of the search that few queries need.
   * @param {string} name the property of Daybook that it sets; its URL is in the data attribute of that name
   */
  async function loadPart(root, name) {
    const { [name]: url } = document.querySelector("[data-results]").dataset;
    if (!Daybook[name]) await loadScript(root + url, () => Boolean(Daybook[name]));
    return Daybook[name];
  }

  /** Forgets all files and bypasses every HTTP cache from now on, for a retry. */
  function reset() {
    retry = Date.now();
    received.clear();
  }

  /** Returns whether the file of this name is loaded. */
  function isLoaded(name) {
    return received.has(name);
  }

  /**
   * Decodes the manifest. Documents are numbered in order of time through all segments.
   * @returns {{documents: number, segments: Object[], days: Object[], firsts: number[]}} `firsts` has the
   *   number of the first document of each day, `apart` the families of words that lie in several shards, `synonyms`
   *   the spellings of each name with their words
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
        days.push({ date, first: documents, count, segment: segment.name, version: segment.version });
        offsets[day] = documents;
        documents += count;
      }
      return { ...segment, first, offsets, keys: frontDecode(segment.keys) };
    });
    const spellings = (names) => names.map((name) => ({ name, word: Daybook.analysis.queryWords(name)[0].words[0] }));
    return {
      ...manifest, segments, days, documents, firsts: days.map((day) => day.first),
      common: new Set(manifest.common), apart: readFamilies(manifest.apart), synonyms: manifest.synonyms.map(spellings),
    };
  }

  /** Decodes families. @returns {Map<string, string[][]>} the families of each word */
  function readFamilies(lines) {
    const byWord = new Map();
    for (const line of lines ? lines.split("\n") : []) {
      const family = frontDecode(line.replaceAll(" ", "\n"));
      for (const word of family) byWord.set(word, [...(byWord.get(word) || []), family]);
    }
    return byWord;
  }

  /** Decodes front-coded terms: each line is the number of characters shared with the term before, and the rest. */
  function frontDecode(lines) {
    let term = "";
    return lines.split("\n").map((line) => (term = term.slice(0, Number(line[0])) + line.slice(1)));
  }

  /** Returns the position of the last of some sorted values that is not greater than `value`, at least 0. */
  function lastNotAfter(values, value) {
    let low = 0;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (values[middle] <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Returns the positions of the shards that may contain the term or, with `prefix`, terms that begin with it. */
  function findShards(segment, term, prefix) {
    let position = lastNotAfter(segment.keys, term);
    const result = [position];
    while (prefix && ++position < segment.keys.length && segment.keys[position].slice(0, term.length) <= term) result.push(position);
    return result;
  }

  /** Returns the name of a shard, as `shard_name` in shards.py does. */
  function shardName(segment, position) {
    const key = segment.keys[position].replace(/[^a-z0-9]/g, (unit) => `_${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return `${segment.name}-${key}-${segment.hashes.slice(position * 4, position * 4 + 4)}`;
  }

  /**
   * Loads a shard.
   * @returns {Promise<{terms: Map<string, Row>, families: Map<string, string[][]>}>} the terms in order, and the families
   *   of each word
   */
  async function loadShard(root, segment, position) {
    const name = shardName(segment, position);
    const content = await loadFile(name, `${root}search/${name}.js`);
    if (!Array.isArray(content)) return content;
    const shard = { terms: readTerms(content), families: readFamilies(content[4]) };
    received.set(name, shard);
    return shard;
  }

  /**
   * The postings lists of a term. `fields` has for each field the `postings`, numbers as postings.py describes them, and
   * the `lengths` of the field.
   * @typedef {{rank: number, fields: {postings: number[], lengths: number[]}[]}} Row
   */

  /** Decodes the terms of a shard. @returns {Map<string, Row>} */
  function readTerms([words, ranks, columns, lengths]) {
    const rowRanks = decodeNumbers(ranks);
    const rows = words.split(" ").map((word, i) => [word, { rank: rowRanks[i], fields: [] }]);
    columns.forEach((column, field) => {
      const sizes = lengths[field].split(" ");
      column.split(" ").forEach((text, i) => rows[i][1].fields.push({
        postings: decodeNumbers(text),
        lengths: Array.from(sizes[i], (character) => decodeLength(character.codePointAt(0))),
      }));
    });
    return new Map(rows);
  }

  /** Decodes numbers of one character or, from 32,768 on, several, as `encode_number` in postings.py writes them. */
  function decodeNumbers(text) {
    const numbers = [];
    for (let at = 0, number = 0, factor = 1; at < text.length; at++) {
      const value = text.charCodeAt(at) - ZERO;
      if (value < CONTINUED) {
        numbers.push(number + value * factor);
        [number, factor] = [0, 1];
      } else {
        number += (value - CONTINUED) * factor;
        factor *= MORE;
      }
    }
    return numbers;
  }

  function isShardLoaded(segment, position) {
    return received.has(shardName(segment, position));
  }

  /** Returns the number of documents of a term, in the field in which most have it. */
  function countPostings({ fields }) {
    return Math.max(...fields.map(({ lengths }) => lengths.length));
  }

  /** Returns the id of the first document that has a term in a field, Infinity if none has. */
  function firstId({ fields }, field) {
    return fields[field].postings.length ? Math.floor(fields[field].postings[0] / 2) : Infinity;
  }

  /** Returns the number of a document from its id in a segment. */
  function documentNumber(segment, docId) {
    const position = docId % segment.places;
    return segment.offsets[(docId - position) / segment.places] + position;
  }

  /**
   * Visits the postings of one field in order of documents.
   * @param {Row} row
   * @param {function(number, number, number)} visit is called with document number, frequency, field length
   */
  function eachPosting(segment, row, field, visit) {
    const { postings, lengths } = row.fields[field];
    for (let i = 0, at = 0, docId = 0; i < postings.length; i++) {
      const hasFrequency = postings[i] % 2;
      docId += (postings[i] - hasFrequency) / 2;
      visit(documentNumber(segment, docId), hasFrequency ? postings[++i] : 1, lengths[at++]);
    }
  }

  /** Decodes a field length from its code point; the code skips the surrogates. */
  function decodeLength(code) {
    return (code < 0xe000 ? code : code - 0x800) - ZERO;
  }

  /** Returns the days between two dates, each of which may be a day, a month or a year, or empty. */
  function daysBetween({ days }, { from, to }) {
    return days.filter(({ date }) => (!from || date.slice(0, from.length) >= from) && (!to || date.slice(0, to.length) <= to));
  }

  /** Returns the first of the five years to whose table of facets a day belongs. */
  const facetYear = ({ date }) => String(Math.floor(Number(date.slice(0, 4)) / 5) * 5).padStart(4, "0");

  /** Returns `facetYear` of the days of some documents, each once. */
  function facetYears({ days, firsts }, numbers) {
    return new Set(numbers.map((number) => facetYear(days[lastNotAfter(firsts, number)])));
  }

  /**
   * Loads the facets of the documents of some years.
   * @param {Set<string>} years as `facetYear` returns them
   * @returns {Promise<Object<string, string[][]>>} by name of the facet, such as `topic`: the values of each document, by
   *   its number
   */
  async function loadFacets(root, manifest, years) {
    const files = new Map();
    for (const day of manifest.days) {
      const name = `facets-${day.segment}-${facetYear(day)}`;
      if (years.has(facetYear(day)) && !files.has(name)) files.set(name, day);
    }
    const values = {};
    await Promise.all([...files].map(async ([name, { first, version }]) => {
      const tables = await loadFile(name, `${root}search/${name}.js?v=${version}`);
      for (const [facet, [names, sets, characters]] of Object.entries(tables)) {
        const nameSets = sets.map((set) => set.map((position) => names[position]));
        const ofFacet = (values[facet] ??= []);
        Array.from(characters).forEach((character, i) => (ofFacet[first + i] = nameSets[decodeLength(character.codePointAt(0))]));
      }
    }));
    return values;
  }

  /** Loads one file of each segment, such as its "vocabulary". */
  function loadSegmentFiles(root, manifest, kind) {
    return Promise.all(manifest.segments.map(({ name, version }) =>
      loadFile(`${kind}-${name}`, `${root}search/${kind}-${name}.js?v=${version}`)));
  }

  /**
   * Loads what a result shows of a document.
   * @returns {Promise<{number: number, date: string, dayNumber: number|null, path: string, time: string,
   *   headline: string, derived: boolean, text: string, topics: string[], outlets: string[],
   *   lang: string, topicNames: string[]}>}
   */
  async function loadResult(root, manifest, number) {
    const { days, firsts, perFile } = manifest;
    const day = days[lastNotAfter(firsts, number)];
    const step = Math.ceil(day.count / Math.ceil(day.count / perFile));
    const position = number - day.first;
    const file = `${day.date}-${Math.floor(position / step)}`;
    const [date, dayNumber, results] = await loadFile(file, `${root}search/days/${file}.js?v=${day.version}`);
    const [path, time, headline, derived, text, topics, outlets, lang, topicNames] = results[position % step];
    return { number, date, dayNumber, path, time, headline, derived: Boolean(derived), text, topics, outlets, lang, topicNames };
  }

  Daybook.indexFiles = {
    MissingFile, loadFile, loadScript, loadPart, reset, isLoaded, readManifest, frontDecode, lastNotAfter,
    findShards, shardName, loadShard, isShardLoaded, countPostings, firstId, documentNumber, eachPosting,
    loadSegmentFiles, loadResult, loadFacets, daysBetween, facetYear, facetYears,
  };
})();
