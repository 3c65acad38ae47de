/**
 * Finds the pages that a typed text names: a day by its date or number, a month, a topic. Does not touch the page.
 *
 * `places` is the value of search/places.js: `first` (date of day 1 or ""), `day` ("Day {n}"), `dates` and `months`
 * (a pattern for each month, "{d} June {y}" and "June {y}"), `otherMonths` (other names of the months, if the language has
 * some), `days` (first and last date of each range of days), and `topics` ([slug, name, kind, entries, first date,
 * ...aliases]).
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const DAY = 86400000; // milliseconds
  const ISO = /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$/;
  const CHINESE = /^(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日號号일](?:\s*(?:星期|周).)?)?$/;
  const DOTTED = /^(\d{1,2})[./-]\s*(\d{1,2})[./-]\s*(\d{4})$/;
  // What may be in a date beside its parts: 2nd of June, 1er juin, 2 de junio del 2023, 2 червня 2023 року.
  const BESIDE_DATES = new Set(["st", "nd", "rd", "th", "of", "the", "er", "o", "del", "року", "рік"]);
  const UNSPACED = /[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff]/; // `plain` decomposes Hangul
  const CHINESE_DIGITS = "〇一二三四五六七八九";
  const LETTERS = { ß: "ss", ł: "l", ø: "o", đ: "d", ı: "i", æ: "ae", œ: "oe", ς: "σ", ة: "ه", ى: "ي", ی: "ي", ک: "ك" };

  /** Returns a text in lower case, without accents, with the digits 0 to 9, and with one of the spellings of a word. */
  function plain(text) {
    return text.normalize("NFKD").replace(/[\p{M}\p{Cf}\u0640]/gu, "").toLowerCase()
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/[`\u00b4\u02b9\u02bb-\u02bf\u2018\u2019\u201b\u2032]/g, "'").replace(/[\u2010-\u2013]/g, "-")
      .replace(/[ßłøđıæœςةىیک]/g, (letter) => LETTERS[letter]).replace(/\s+/g, " ").trim();
  }

  /** Replaces the numbers of a date that are written in Chinese: 二〇二三年六月十二日. */
  function withDigits(text) {
    return text.replace(/[〇一二三四五六七八九十]+(?=[年月日])/g, (number) => {
      const [tens, ones] = number.split("十").map((part) => CHINESE_DIGITS.indexOf(part));
      if (number.includes("十")) return String((tens || 1) * 10 + ones);
      return [...number].map((digit) => CHINESE_DIGITS.indexOf(digit)).join("");
    });
  }

  const wordsOf = (text) => plain(text).match(/\p{L}+|\d+/gu) || [];
  const pad = (n) => String(n).padStart(2, "0");
  const isoDate = (time) => new Date(time).toISOString().slice(0, 10);
  /** Returns whether there is a day of this date or month. */
  const has = (days, date) => days.some(([first, last]) => first.slice(0, date.length) <= date && date <= last.slice(0, date.length));
  const dayNumber = (places, date) => Math.round((Date.parse(date) - Date.parse(places.first)) / DAY) + 1;

  /** Reads the name of a month among words. @returns {[number, string[]]} the month, 0 if there is none, other words */
  function readMonth(places, words) {
    const typed = ` ${words.join(" ")} `;
    const others = (places.otherMonths || []).map((name) => ` ${wordsOf(name).join(" ")} `);
    const other = others.findIndex((name) => typed.includes(name));
    if (other >= 0) {
      const rest = typed.replace(others[other], " ").split(" ").filter(Boolean);
      const [month, left] = readMonth({ ...places, otherMonths: null }, rest); // Arabic newspapers write both names
      return month && month !== other + 1 ? [0, words] : [other + 1, left];
    }
    const names = places.dates.map((pattern, i) => new Set(wordsOf(`${pattern} ${places.months[i]}`.replace(/\{\w+\}/g, " "))));
    const inAll = new Set([...names[0]].filter((name) => names.every((others) => others.has(name))));
    let month = 0;
    const rest = words.filter((word) => {
      const found = month || inAll.has(word) || /\d/.test(word) ? -1
        : names.findIndex((known) => [...known].some((name) => !inAll.has(name) && (name === word || (word.length > 2 && name.startsWith(word)))));
      if (found >= 0) month = found + 1;
      return found < 0 && !inAll.has(word);
    });
    return [month, rest];
  }

  /**
   * Reads a date as it is written in numbers or in the language of the site.
   * @returns {{year: number, month: number, day: number}|null} 0 for what is not given
   */
  function readDate(places, text) {
    const typed = withDigits(plain(text).normalize("NFC")); // Hangul is composed in the patterns
    for (const [pattern, order] of [[ISO, [1, 2, 3]], [CHINESE, [1, 2, 3]], [DOTTED, [3, 2, 1]]]) {
      const match = pattern.exec(typed);
      if (match) {
        const [year, month, day] = order.map((at) => Number(match[at] || 0));
        return { year, month, day };
      }
    }
    const [month, rest] = readMonth(places, wordsOf(text));
    if (!month) return null;
    const date = { year: 0, month, day: 0 };
    const weekdays = Array.from({ length: 7 }, (_, i) => new Date(DAY * i).toLocaleDateString(places.language, { weekday: "long", timeZone: "UTC" }));
    const beside = new Set([...BESIDE_DATES, ...weekdays.flatMap(wordsOf)]);
    for (const word of rest) {
      if (/^\d{4}$/.test(word) && !date.year) date.year = Number(word);
      else if (/^\d{1,2}$/.test(word) && !date.day) date.day = Number(word);
      else if (!beside.has(word)) return null;
    }
    return date;
  }

  /** Returns the number in a text such as "465", "day 465", "465th day" or, as the site writes it, "Tag 465"; else null. */
  function readNumber(places, text) {
    const typed = plain(text);
    const [before, after] = plain(places.day).split("{n}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").trim());
    const name = `(?:${before || "day"}|day)`;
    const match = new RegExp(`^${name}?\\s*#?(\\d{1,6})\\s*(?:${after})?$|^(\\d{1,6})(?:[.-]?\\p{L}{0,3})?\\s+${name}$`, "u").exec(typed);
    return match ? Number(match[1] || match[2]) : null;
  }

  function dayWay(places, date) {
    const number = places.first ? dayNumber(places, date) : 0;
    return { kind: "day", date, number: number > 0 ? number : null, path: `${date.replaceAll("-", "/")}/` };
  }

  /** Returns the days and months of a date; of one without a year those of all years, the newest first. */
  function dateWays(places, { year, month, day }) {
    const { days } = places;
    if (!days.length) return [];
    const [oldest, newest] = [days[0][0], days[days.length - 1][1]].map((date) => Number(date.slice(0, 4)));
    const years = year ? [year] : Array.from({ length: Math.min(newest - oldest + 1, 200) }, (_, i) => newest - i);
    return years.flatMap((one) => {
      const name = `${String(one).padStart(4, "0")}-${pad(month)}`;
      if (day) return has(days, `${name}-${pad(day)}`) ? [dayWay(places, `${name}-${pad(day)}`)] : [];
      return has(days, name) ? [{ kind: "month", month: name, path: `${name.replace("-", "/")}/` }] : [];
    });
  }

  function topicWay([slug, name, , count, first]) {
    return { kind: "topic", slug, name, count, first, path: `topics/${slug}/` };
  }

  /** Returns the topics with a name that is the text or, with `beginning`, has a word that begins with it. */
  function topicWays(places, text, beginning) {
    const typed = plain(text);
    if (!typed) return [];
    const rank = (name) => {
      if (name === typed) return 3;
      if (!beginning) return 0;
      if (name.startsWith(typed)) return 2;
      return name.includes(` ${typed}`) || (UNSPACED.test(typed) && name.includes(typed)) ? 1 : 0;
    };
    return places.topics
      .map((topic) => [Math.max(...[topic[1], ...topic.slice(5)].map((name) => rank(plain(name)))), topic])
      .filter(([found]) => found)
      .sort(([a, one], [b, other]) => b - a || other[3] - one[3] || (one[0] < other[0] ? -1 : 1))
      .map(([, topic]) => topicWay(topic));
  }

  /**
   * Finds the pages that a text names.
   * @param {Object} places
   * @param {string} text
   * @param {boolean} beginning also dates without a year, and topics that only begin with the text
   * @returns {Object[]} each with `kind` ("day", "month" or "topic") and `path` from the site's root
   */
  function find(places, text, beginning) {
    const ways = [];
    const number = places.first ? readNumber(places, text) : null;
    if (number > 0) {
      const time = Date.parse(places.first) + (number - 1) * DAY;
      if (time < 253402300800000 && has(places.days, isoDate(time))) ways.push(dayWay(places, isoDate(time)));
    }
    const date = readDate(places, text);
    if (date && (date.year || beginning)) ways.push(...dateWays(places, date));
    ways.push(...topicWays(places, text, beginning));
    return ways;
  }

  Daybook.ways = { find, dayWay, plain };
})();
