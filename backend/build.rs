//! The page is a separate build; the server compiles without it, and then says so when asked for it. And the program is kept
//! small.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../migrations");
    if is("PROFILE", "release") {
        // Only there is the page carried inside. Development builds read it from its folder: a new one is no reason to compile.
        println!("cargo::rerun-if-changed=../frontend/dist");
    }
    fold_what_is_the_same();
    std::fs::create_dir_all("../frontend/dist")
}

/// Lets the linker keep one copy of functions that came out alike, as those of one generic for many types do.
///
/// The linker that Rust brings for this target can do it; that of another may not know the word.
fn fold_what_is_the_same() {
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
    {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}

fn is(key: &str, value: &str) -> bool {
    std::env::var(key).is_ok_and(|found| found == value)
}
