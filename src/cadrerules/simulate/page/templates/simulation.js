"use strict";
// Draws the charts, and lets each table be sorted and filtered. What a table says is there without this script.
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const NUMBER = /^[<>]?\s*[-−]?[\d,]+(\.\d+)?\s*%?$/;
  const FEW = 8;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function filled(text, ...values) {
    return values.reduce((so_far, value, i) => so_far.replace(`{${i}}`, () => value), text);
  }

  // --- charts ---

  function draw() {
    const charts = JSON.parse(document.getElementById("charts").textContent);
    for (const place of document.querySelectorAll(".drawing")) {
      // `ast` has expressions walked, not compiled: nothing here needs the right to make code of text.
      const options = { mode: "vega-lite", ast: true, actions: false, renderer: "svg" };
      vegaEmbed(place, charts[Number(place.dataset.chart)], options).then(
        () => { place.dataset.drawn = "yes"; },
        (error) => {
          place.textContent = place.getAttribute("aria-label");
          console.error(error);
        },
      );
    }
  }

  // --- tables ---

  function key(cell) {
    const text = cell.textContent.trim();
    return text === "-" ? "" : text;
  }

  function value(text) {
    const below = text.startsWith("<") ? 0.5 : 1;
    return below * Number(text.replace(/[<>,%\s]/g, "").replace("−", "-"));
  }

  function isNumeric(texts) {
    return texts.length > 0 && texts.every((text) => NUMBER.test(text));
  }

  function orderOf(rows, column) {
    const keys = new Map(rows.map((row) => [row, key(row.cells[column])]));
    const texts = [...keys.values()].filter((text) => text !== "");
    const compare = isNumeric(texts) ? (a, b) => value(a) - value(b) : collator.compare;
    return (one, other, way) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      if (a === "" || b === "") return (a === "") - (b === ""); // what is empty comes last, whichever way
      return way * compare(a, b);
    };
  }

  function sort(table, rows, column, way) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, i) => {
      heading.setAttribute("aria-sort", i !== column || !way ? "none" : way > 0 ? "ascending" : "descending");
    });
    const compare = way ? orderOf(rows, column) : null;
    const ordered = compare ? [...rows].sort((a, b) => compare(a, b, way)) : rows;
    table.tBodies[0].append(...ordered);
    if (table.sorter) table.sorter.value = way ? `${column} ${way}` : "";
  }

  function headings(table, rows) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = element("button", { type: "button" }, heading.textContent);
      const ways = { none: 1, ascending: -1, descending: 0 };
      button.addEventListener("click", () => sort(table, rows, column, ways[heading.getAttribute("aria-sort")]));
      if (column > 0 && isNumeric(rows.map((row) => key(row.cells[column])).filter((text) => text !== ""))) {
        for (const cell of [heading, ...rows.map((row) => row.cells[column])]) cell.className = "number";
      }
      heading.setAttribute("aria-sort", "none");
      heading.replaceChildren(button);
    });
  }

  // On a phone a row becomes a block without the table's head: each cell then says its own heading.
  function blocks(table, names) {
    table.classList.add("wide");
    table.setAttribute("role", "table");
    for (const part of [table.tHead, table.tBodies[0]]) part.setAttribute("role", "rowgroup");
    const roles = { col: "columnheader", row: "rowheader" };
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, i) => {
        cell.setAttribute("role", roles[cell.scope] || "cell");
        if (row.parentNode !== table.tHead && cell.textContent !== "") cell.dataset.heading = names[i];
      });
    }
  }

  function sorter(table, rows, names) {
    const options = [element("option", { value: "" }, words.unsorted)];
    names.forEach((name, column) => {
      for (const [way, said] of [[1, words.ascending], [-1, words.descending]]) {
        options.push(element("option", { value: `${column} ${way}` }, filled(words.order, name, said)));
      }
    });
    table.sorter = element("select", {}, ...options);
    table.sorter.addEventListener("change", () => {
      const [column, way] = table.sorter.value.split(" ").map(Number);
      sort(table, rows, column, way || 0);
    });
    return element("label", { className: "order" }, words.sort_by, table.sorter);
  }

  function filter(rows) {
    const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("\n").toLowerCase());
    const input = element("input", { type: "search" });
    const status = element("span", {});
    status.setAttribute("role", "status");
    let waiting = 0;
    const apply = () => {
      const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !terms.every((term) => texts[i].includes(term));
        shown += !row.hidden;
      });
      status.textContent = filled(words.rows_shown, shown.toLocaleString("en"), rows.length.toLocaleString("en"));
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    apply();
    return [element("label", {}, words.filter, input), status];
  }

  for (const table of document.querySelectorAll("table.sorted")) {
    const rows = [...table.tBodies[0].rows];
    const names = [...table.tHead.rows[0].cells].map((heading) => heading.textContent);
    blocks(table, names);
    if (rows.length < 2) continue;
    headings(table, rows);
    const tools = element("div", { className: "tools" }, ...(rows.length < FEW ? [] : filter(rows)), sorter(table, rows, names));
    table.closest(".box").before(tools);
  }
  draw();
})();
