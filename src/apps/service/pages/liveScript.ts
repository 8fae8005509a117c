/**
 * The script of the service's pages: it puts states, counts and progress where the page has them, as they change. Nothing
 * is replaced that may hold the focus; without it the pages show what was when they were loaded.
 */
export const liveScript = `"use strict";
(() => {
  const main = document.querySelector("main[data-events]");
  if (!main || !("EventSource" in window)) return;
  const put = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  const news = main.querySelector(".news");
  const say = (text, link) => {
    if (!news || news.dataset.said === text) return;
    news.dataset.said = text;
    news.textContent = text + " ";
    const a = document.createElement("a");
    a.href = location.href;
    a.textContent = link;
    news.append(a);
  };
  const show = (part, study) => {
    const find = (name) => part.querySelector('[data-live="' + name + '"]');
    const mark = find("state");
    if (mark) mark.className = "state " + study.state.replace(" ", "-");
    put(mark, study.stateText);
    put(find("meaning"), study.meaning);
    put(find("reason"), study.reasonCode ?? "");
    put(find("images"), String(study.images));
    const { progress } = study;
    put(find("progress"), progress ? progress.step + (progress.fraction > 0 ? ", " + Math.round(100 * progress.fraction) + " %" : "") : "");
  };
  const isOne = main.dataset.state !== undefined;
  let shown = main.dataset.state;
  let others = 0;
  const known = new Map();
  const onStudy = ({ data }) => {
    const study = JSON.parse(data);
    if (isOne) {
      show(main, study);
      if (study.state !== shown) say("The study is now: " + study.stateText + ".", "Load the page again");
      shown = study.state;
      return;
    }
    const row = [...main.querySelectorAll("tr[data-study]")].find((tr) => tr.dataset.study === study.studyUid);
    if (row) return show(row, study);
    if (main.dataset.all === undefined || known.has(study.studyUid)) return;
    known.set(study.studyUid, ++others);
    say(others + (others === 1 ? " study has" : " studies have") + " come or changed that this page does not show.", "Load it again");
  };
  const onCounts = ({ data }) => {
    const counts = JSON.parse(data);
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    for (const element of main.querySelectorAll("[data-count]"))
      put(element, String(element.dataset.count === "" ? all : counts[element.dataset.count]));
  };
  const onDeleted = ({ data }) => {
    const { studyUid } = JSON.parse(data);
    if (isOne || [...main.querySelectorAll("tr[data-study]")].some((tr) => tr.dataset.study === studyUid))
      say(isOne ? "The study was deleted." : "A study of this page was deleted.", "Load the page again");
  };
  let source;
  let after = main.dataset.after;
  let again;
  let isOver = false;
  const open = () => {
    clearTimeout(again);
    const own = new EventSource(main.dataset.events + (after === undefined ? "" : "?after=" + after));
    source = own;
    const keep = (use) => (event) => {
      if (after !== undefined && event.lastEventId !== "") after = event.lastEventId;
      use(event);
    };
    own.addEventListener("study", keep(onStudy));
    own.addEventListener("counts", keep(onCounts));
    own.addEventListener("deleted", keep(onDeleted));
    own.addEventListener("ended", () => {
      isOver = true;
      own.close();
      say("You are not signed in any more, or may not see this.", "Load the page again");
    });
    // A browser tries again by itself but where it was refused.
    own.addEventListener("error", () => {
      if (own.readyState === EventSource.CLOSED) again = setTimeout(open, 30000);
    });
  };
  const close = () => {
    clearTimeout(again);
    source?.close();
  };
  // A browser has few connections to one machine, and pages behind others need none.
  document.addEventListener("visibilitychange", () => {
    close();
    if (!document.hidden && !isOver) open();
  });
  addEventListener("pagehide", close);
  if (!document.hidden) open();
})();
`;
