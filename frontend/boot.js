// Starts the program. A file and not a script in the page: the page's policy allows no other.
const boot = document.getElementById("boot");
const address = (name) => document.querySelector(`meta[name="turno-${name}"]`).content;

function fail(error) {
  console.error(error);
  boot.classList.add("failed");
  if (!boot.isConnected) document.body.append(boot);
  const button = [...boot.querySelectorAll("button")].find((each) => each.offsetParent !== null);
  if (button) button.focus();
}

for (const button of boot.querySelectorAll("button")) button.addEventListener("click", () => location.reload());

// A program that has stopped does nothing any more: better to say so than to show a page that does not answer.
const stopped = (error) => error instanceof WebAssembly.RuntimeError && fail(error);
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));

try {
  const program = await import(address("js"));
  await program.default({ module_or_path: address("wasm") });
} catch (error) {
  fail(error);
}
