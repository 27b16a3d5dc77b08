// The form and the progress, made more pleasant; without it both work by plain requests.
(() => {
  "use strict";
  const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

  // ---- the form ---------------------------------------------------------------------------------------------------
  const form = document.getElementById("reports");
  if (form) {
    const box = document.getElementById("mistakes");
    const template = document.getElementById("another");
    const add = document.getElementById("add");
    const reports = () => [...form.querySelectorAll(".report")];
    add.type = "button"; // so that the key Enter in a field means Compare
    document.getElementById("remove").hidden = true; // each report has a button of its own
    add.addEventListener("click", another);
    form.addEventListener("click", (event) => {
      const button = event.target.closest(".remove");
      if (button) away(button.closest(".report"));
    });
    buttons();

    function buttons() {
      add.disabled = reports().length >= Number(form.dataset.most);
      for (const report of reports()) report.querySelector(".remove").hidden = reports().length <= Number(form.dataset.least);
    }
    function another() {
      const report = template.content.cloneNode(true).querySelector(".report");
      template.before(report);
      number(report, reports().length);
      buttons();
      report.querySelector("input").focus();
    }
    function away(report) {
      const typed = [...report.querySelectorAll("input, textarea")].some((field) => field.value);
      const name = report.querySelector("legend").textContent;
      if (typed && !confirm(`Remove ${name} and what was typed there?`)) return;
      const next = reports()[reports().indexOf(report) + 1];
      report.remove();
      reports().forEach((other, n) => number(other, n + 1));
      buttons();
      (next ? next.querySelector("input") : add).focus();
    }
    function number(report, n) {
      report.querySelector("legend").textContent = `Report ${n}`;
      report.querySelector(".remove").setAttribute("aria-label", `Remove report ${n}`);
      for (const element of report.querySelectorAll("[id], [name], [for]")) {
        for (const name of ["id", "name", "for"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(/-[0-9N]+$/, `-${n}`));
        }
      }
    }

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = document.getElementById("compare");
      button.disabled = true;
      button.textContent = "Reading the reports …";
      for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
      let answer;
      try {
        const sent = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
        answer = sent.ok ? await sent.json() : { mistakes: [{ report: 0, field: "", message: await sent.text() }] };
      } catch {
        answer = { mistakes: [{ report: 0, field: "", message: "the program does not answer; is it still running?" }] };
      }
      if (answer.page) {
        location = answer.page;
        return;
      }
      button.disabled = false;
      button.textContent = "Compare";
      box.querySelector("ul").replaceChildren(
        ...answer.mistakes.map(({ report, field, message }) => {
          const entry = make("li", "", { dir: "auto" });
          const at = document.getElementById(`${field}-${report}`);
          at?.setAttribute("aria-invalid", "true");
          entry.append(at ? make("a", shown(message), { href: `#${field}-${report}` }) : shown(message));
          return entry;
        }),
      );
      box.hidden = false;
      box.focus();
    });
    box.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      document.getElementById(link.hash.slice(1)).focus();
    });
    // characters that cannot be seen, and change how those beside them are read, shown as what they are
    function shown(text) {
      const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
      return text.replace(unseen, (c) => `⟦U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);
    }
  }

  // ---- the progress -----------------------------------------------------------------------------------------------
  const progress = document.getElementById("progress");
  if (progress) {
    const stages = [...progress.querySelectorAll("[data-stage]")];
    const bar = progress.querySelector("progress");
    const said = document.getElementById("stage");
    const ask = async () => {
      let status;
      try {
        const answer = await fetch(progress.dataset.status);
        if (!answer.ok) throw new Error(answer.status);
        status = await answer.json();
      } catch {
        said.textContent = "The program does not answer any more.";
        return;
      }
      if (status.state === "done" || status.state === "failed") {
        location.reload();
        return;
      }
      const now = stages.findIndex((stage) => stage.dataset.stage === status.stage);
      stages.forEach((stage, n) => {
        stage.classList.toggle("now", n === now);
        stage.classList.toggle("past", n < now);
      });
      if (now >= 0) bar.value = (100 * (now + (status.total ? status.done / status.total : 0))) / stages.length;
      const text = status.state === "waiting" ? "waiting for another comparison" : status.stage || "loading the models";
      if (said.textContent !== text) said.textContent = text;
      setTimeout(ask, 500);
    };
    ask();
  }
})();
