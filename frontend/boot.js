// Starts the program. A file and not a script in the page: the page's policy allows no other.
const boot = document.getElementById("boot");

function fail(error) {
  console.error(error);
  if (boot && boot.isConnected) {
    boot.classList.add("failed");
    const button = [...boot.querySelectorAll("button")].find((each) => each.offsetParent !== null);
    if (button) button.focus();
  }
}

for (const button of boot.querySelectorAll("button")) button.addEventListener("click", () => location.reload());

const address = (name) => document.querySelector(`meta[name="turno-${name}"]`).content;

try {
  const program = await import(address("js"));
  await program.default({ module_or_path: address("wasm") });
  // The program takes the preloader away once it knows who is logged in; one that stopped before that has failed.
  addEventListener("error", (event) => fail(event.error), { once: true });
} catch (error) {
  fail(error);
}
