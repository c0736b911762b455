// Before the first paint: light or dark, and the language, as this browser remembers them. The names of the keys are
// those of src/prefs.rs. And the desk's own colour is asked for. What cannot be left to boot.js is here, too: to say that this
// does not come.
(function () {
  var root = document.documentElement;
  function remembered(key) {
    try { return localStorage.getItem(key); } catch (_) { return null; }
  }
  var theme = remembered("turno.theme");
  var dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  var language = remembered("turno.locale") || "";
  root.lang = /^[a-z]{2}(-[A-Z]{2})?$/.test(language) ? language : "es";

  // The desk's own colour; nothing while it has the one of the styles. The first picture does not wait for it, but what is
  // drawn in it does (styles/boot.css), and so does the program (boot.js): nothing shows in one colour and then in another.
  // src/brand.rs gives the same link another address when the colour is changed.
  var colour = document.createElement("link");
  function known() { delete root.dataset.colour; }
  colour.addEventListener("load", known);
  colour.addEventListener("error", known);
  colour.rel = "stylesheet";
  colour.href = "/api/v1/settings/theme.css";
  colour.dataset.brand = "theme";
  root.dataset.colour = "awaited";
  document.head.append(colour);

  // What the browser draws around the page follows the page: the paper of styles/tokens.css, now and later.
  var around = document.querySelector("meta[name=theme-color]");
  function follow() {
    around.content = root.getAttribute("data-bs-theme") === "dark" ? "#131312" : "#f6f5f2";
  }
  follow();
  // Paper is white, whatever the screen is.
  var onScreen = null;
  addEventListener("beforeprint", function () {
    onScreen = onScreen || root.getAttribute("data-bs-theme");
    root.setAttribute("data-bs-theme", "light");
  });
  addEventListener("afterprint", function () {
    if (onScreen) root.setAttribute("data-bs-theme", onScreen);
    onScreen = null;
  });
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });

  // Shows, in the preloader, that the program does not come or has stopped, with a button that tries again.
  window.turnoFail = function (boot, error) {
    console.error(error);
    boot.classList.remove("done");
    boot.classList.add("failed");
    if (!boot.isConnected) document.body.append(boot);
    var buttons = boot.querySelectorAll("button");
    for (var at = 0; at < buttons.length; at++) {
      buttons[at].onclick = again;
      // The one of the language that is said.
      if (buttons[at].offsetParent !== null) buttons[at].focus();
    }
  };
  function again() { location.reload(); }

  // Until boot.js says that it is there ("turno-boot") nobody else can tell that it does not come or cannot be read. Errors of
  // other scripts, which a browser may have of its own, are not the page's.
  var heard = performance.now();
  var seen = 0;
  var watch = setInterval(function () {
    var come = performance.getEntriesByType("resource").length;
    if (come !== seen) heard = performance.now();
    seen = come;
    // As long as boot.js itself waits for a byte.
    if (performance.now() - heard > 20000) lost(new Error("boot.js does not come"));
  }, 1000);
  function broken(event) {
    var file = event.filename || event.target.src || "";
    if (/\/boot[^/]*\.js$/.test(file)) lost(event.error || new Error(file + " cannot be read"));
  }
  function lost(error) {
    rest();
    var boot = document.getElementById("boot");
    if (boot) window.turnoFail(boot, error);
  }
  function rest() {
    clearInterval(watch);
    removeEventListener("error", broken, true);
    removeEventListener("turno-boot", rest);
  }
  // What does not come tells its element alone: it is heard on the way there.
  addEventListener("error", broken, true);
  addEventListener("turno-boot", rest);
})();
