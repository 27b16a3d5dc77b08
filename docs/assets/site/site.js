// What the theme leaves out for readers without a mouse or without sight.
document.querySelector("[data-md-component=search]")?.setAttribute("aria-label", "Search");

// A table wider than the page scrolls in a frame: the keyboard must get there, and nowhere else.
function reachable() {
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", "Table, scrolls sideways");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    }
  }
}
new MutationObserver(reachable).observe(document.querySelector("article") ?? document.body, { childList: true, subtree: true });
addEventListener("resize", reachable);
reachable();
